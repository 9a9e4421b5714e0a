import ArtifactStore
import Foundation

/// A process of its own that uses a store, for tests of several processes, system calls and sudden deaths.
///
///     store-driver starts store|grdb
///     store-driver begin PATH RUN KEY
///     store-driver lifecycle PATH COUNT full|normal
///     store-driver populate PATH COUNT
///
/// Every acknowledged step is one line on standard output, written at once.
@main
enum StoreDriver {
    static func main() async throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        do {
            switch (arguments.first, arguments.count) {
            case ("starts", 2): try await Starts.run(arguments[1])
            case ("begin", 4): try await begin(arguments[1], run: arguments[2], key: arguments[3])
            case ("lifecycle", 4):
                try await lifecycle(
                    arguments[1], count: Int(arguments[2]) ?? 0, durability: arguments[3] == "normal" ? .normal : .full)
            case ("populate", 3): try await Populate.run(arguments[1], count: Int(arguments[2]) ?? 0)
            default: report("usage: store-driver starts|begin|lifecycle|populate …")
            }
        } catch let error as StoreError {
            report("error \(error.code): \(error.message)")
            exit(error.code == .claimHeld ? 4 : 1)
        }
    }

    private static func begin(_ path: String, run: String, key: String) async throws {
        let store = try await ArtifactStore.open(at: path)
        let beginning = try await store.begin(request, for: run, idempotencyKey: key)
        switch beginning {
        case .created(let claim): report("created \(claim.artifactId)")
        case .takenOver(let claim): report("taken over \(claim.artifactId)")
        case .replayed(let artifact): report("replayed \(artifact.artifactId)")
        case .refused(let artifact): report("refused \(artifact.artifactId)")
        }
        try await store.close()
    }

    private static func lifecycle(_ path: String, count: Int, durability: StoreOptions.Durability) async throws {
        var options = StoreOptions()
        options.durability = durability
        let store = try await ArtifactStore.open(at: path, options: options)
        report("opened")
        for index in 0..<count {
            let id = ArtifactID("art_\(index)")
            let claim = try await converging {
                try await store.begin(request, for: "run_\(index / 16)", artifactId: id).claim
            }
            report("pending \(id)")
            try await converging {
                try await store.complete(
                    claim, at: StorageReference(kind: "test", bucket: "bucket", objectKey: ObjectKey("key/\(id)")),
                    execution: ModelExecution(provider: "test"))
            }
            report("completed \(id)")
        }
        try await store.close()
    }

    /// Repeats a call whose outcome is unknown, as its hint says, up to three times.
    private static func converging<Value>(_ call: () async throws -> Value) async throws -> Value {
        for _ in 0..<3 {
            do {
                return try await call()
            } catch let error as StoreError where error.code == .outcomeUnknown {
                report("unknown \(error.underlyingCode ?? 0)")
            }
        }
        return try await call()
    }

    private static let request = GeneratedImageRequest(prompt: "a lighthouse at dusk", model: "model-a")

    static func report(_ line: String) {
        FileHandle.standardOutput.write(Data("\(line)\n".utf8))
    }
}
