internal import ArgumentParser
internal import ArtifactStore
internal import Foundation

struct URLCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "url", abstract: "Print a URL that shows an artifact's image for a while.",
        discussion: """
            Within a window it is the same URL, byte for byte. It is a secret until it expires: it is printed on \
            standard output and nowhere else.

            In S3, the credentials that the AWS tools would use sign it. For a folder of objects, a service must serve \
            it and check signatures: the URL begins with $ARTIFACTS_URL_BASE and is signed with the first of \
            $ARTIFACTS_URL_KEYS (NAME:SECRET with commas between). Secrets are never taken from arguments.

            EXAMPLES
              artifacts url art_01kf… --valid-for 15m
              artifacts url art_01kf… --download lighthouse.png
              artifacts url art_01kf… --objects s3://renders --s3-region eu-central-1
            """)

    @Argument(help: "The artifact's id.") var id: String
    @Option(help: ArgumentHelp("How long it works: 1s to 7d. Default: 15m.", valueName: "time"))
    var validFor = DurationArgument(duration: .seconds(900))
    @Option(help: ArgumentHelp("How long it works at least. Default: half of that.", valueName: "time"))
    var minRemaining: DurationArgument?
    @Option(help: ArgumentHelp("Have it saved under a file name, not shown.", valueName: "name"))
    var download: String?
    @OptionGroup var database: DatabaseOption
    @OptionGroup var objects: ObjectsOption

    func run() async throws {
        let path = try database.path()
        let reading = try await database.openForReading()
        let artifact = try await reading.artifact(ArtifactID(id))
        try await reading.close()
        guard let storage = artifact.storage else {
            throw StoreError(
                .notFound, "artifact \(id) is \(artifact.status.rawValue) and has no image",
                hint: "artifacts show \(ShellWord.quoted(id)) says why.")
        }
        let store = try await ArtifactStore.open(
            at: path, objects: objects.storage(holding: storage.reference, besides: path, urls: Self.signer),
            options: DatabaseOption.options(.readWrite))
        let signed = try await store.signedURL(
            for: ArtifactID(id), validFor: validFor.duration, minRemaining: minRemaining?.duration,
            disposition: download.map { .attachment(fileName: $0) } ?? .inline)
        try await store.close()
        try Terminal.write(signed.url.absoluteString + "\n")
        Terminal.note("expires \(signed.expiresAt)")
    }

    /// - Throws: ``StoreError`` `invalidInput` naming the variable that is missing or wrong.
    private static func signer() throws(StoreError) -> DirectoryURLSigner? {
        guard let base = Environment.value("ARTIFACTS_URL_BASE").flatMap({ URL(string: $0) }) else {
            throw StoreError(
                .invalidInput, "ARTIFACTS_URL_BASE names no URL",
                hint: "Set it to where a service serves the objects, such as https://renders.example/objects.")
        }
        guard let keys = Environment.value("ARTIFACTS_URL_KEYS") else {
            throw StoreError(
                .invalidInput, "ARTIFACTS_URL_KEYS is not set",
                hint: "Set it to NAME:SECRET, the secret from `openssl rand -hex 32`.")
        }
        return try DirectoryURLSigner(base: base, keys: URLSigningKeys(keys))
    }
}

/// A length of time as people write it: `90s`, `15m`, `2h`, `7d`.
struct DurationArgument: ExpressibleByArgument {
    let duration: Duration

    init(duration: Duration) {
        self.duration = duration
    }

    init?(argument: String) {
        let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
        guard let unit = argument.last.flatMap({ units[$0] }), argument.dropLast().allSatisfy(\.isASCII),
            argument.dropLast().allSatisfy(\.isNumber), let count = Int64(argument.dropLast()), count < 1_000_000
        else { return nil }
        duration = .seconds(count * unit)
    }

    var defaultValueDescription: String { "\(duration.components.seconds)s" }
}
