import ArtifactStoreTesting
import Foundation
import GRDB
import Testing

@testable import ArtifactStore

@Suite("Signed URLs")
struct SignedURLTests {
    static let secret = [UInt8](repeating: 7, count: 32)

    static func signer(_ keys: [(String, UInt8)] = [("k1", 7)]) throws -> DirectoryURLSigner {
        let keys = try keys.map { try URLSigningKeys.Key(id: $0.0, secret: Array(repeating: $0.1, count: 32)) }
        return try DirectoryURLSigner(
            base: #require(URL(string: "https://renders.example/objects/")), keys: URLSigningKeys(keys))
    }

    /// A store whose folder of objects signs, with one completed image.
    private func store(
        _ signer: DirectoryURLSigner? = nil, in folder: TemporaryFolder? = nil, clock: ManualClock = ManualClock()
    ) async throws -> (TemporaryStore, ArtifactID) {
        let folder = try folder ?? TemporaryFolder()
        let objects = try DirectoryObjectStorage(
            root: folder.path(of: "objects"), bucket: "renders", urls: signer ?? Self.signer())
        let temporary = try await TemporaryStore.open(in: folder, clock: clock, objects: objects)
        let artifact = try await temporary.store.produce(Fixture.request, for: "run_1", idempotencyKey: "hero") { _ in
            Fixture.answer()
        }
        return (temporary, artifact.artifactId)
    }

    private func rows(_ temporary: TemporaryStore) throws -> Int {
        try temporary.shell().read { db in try Int.fetchOne(db, sql: "SELECT count(*) FROM signedUrl") ?? -1 }
    }

    @Test("Inside a window the URL is the same, byte for byte; it changes when too little of it would be left")
    func window() async throws {
        let (temporary, id) = try await store()
        func sign() async throws -> SignedURL {
            try await temporary.store.signedURL(for: id, validFor: .seconds(900), minRemaining: .seconds(300))
        }
        let first = try await sign()
        temporary.clock.advance(by: .seconds(599))
        #expect(try await sign().url == first.url)
        #expect(try rows(temporary) == 1)
        temporary.clock.advance(by: .seconds(2))
        let second = try await sign()
        #expect(second.url != first.url)
        #expect(try rows(temporary) == 2)
        #expect(first.method == .get && first.credentialId == "k1" && first.artifactId == id)
    }

    @Test("Whatever is asked and whenever, a URL never has less left than minRemaining, nor more than validFor")
    func bounds() async throws {
        let (temporary, id) = try await store()
        var random = SeededGenerator(seed: 3)
        for number in 0..<400 {
            temporary.clock.advance(by: .milliseconds(Int64.random(in: -2_000...400_000, using: &random)))
            let longest: Int64 = number % 3 == 0 ? 3_000_000 : number % 3 == 1 ? 3_600_000_000 : 604_800_000_000
            let validFor = Duration.microseconds(Int64.random(in: 1_000_000...longest, using: &random))
            // What remains for sure: a second less than the whole seconds. All of it is asked for often.
            let most = (validFor.components.seconds - 1) * 1_000_000
            let minRemaining: Duration? =
                switch number % 4 {
                case 0: nil
                case 1: .microseconds(most)
                default: .microseconds(Int64.random(in: 0...most, using: &random))
                }
            let signed = try await temporary.store.signedURL(for: id, validFor: validFor, minRemaining: minRemaining)
            let left = Duration.milliseconds(signed.expiresAt.milliseconds - temporary.clock.now.milliseconds)
            #expect(left >= max(.milliseconds(1), minRemaining ?? .microseconds(most / 2 / 1000 * 1000)))
            #expect(left <= validFor && left <= .seconds(7 * 86_400))
            #expect(signed.signedAt <= temporary.clock.now)
            let tooMuch = await storeError {
                _ = try await temporary.store.signedURL(
                    for: id, validFor: validFor, minRemaining: .microseconds(most + 1))
            }
            #expect(tooMuch?.code == .invalidInput, "not a failure at some moments only")
        }
    }

    @Test("Callers at one moment get one URL, in one process and in two")
    func simultaneous() async throws {
        let (temporary, id) = try await store()
        let (other, _) = try await store(in: temporary.folder, clock: temporary.clock)
        let urls = try await withThrowingTaskGroup(of: URL.self) { group in
            for number in 0..<40 {
                let store = number % 2 == 0 ? temporary.store : other.store
                group.addTask { try await store.signedURL(for: id, validFor: .seconds(600)).url }
            }
            return try await group.reduce(into: Set<URL>()) { $0.insert($1) }
        }
        #expect(urls.count == 1)
        #expect(try rows(temporary) == 1)
    }

    @Test("Another method, disposition or key is another URL")
    func variants() async throws {
        let (temporary, id) = try await store()
        let (rotated, _) = try await store(
            Self.signer([("k2", 8), ("k1", 7)]), in: temporary.folder, clock: temporary.clock)
        var urls = Set<URL>()
        for method in SigningMethod.allCases {
            for disposition in [ContentDisposition.inline, .attachment(fileName: nil), .attachment(fileName: "é.png")] {
                for store in [temporary.store, rotated.store] {
                    urls.insert(
                        try await store.signedURL(
                            for: id, validFor: .seconds(60), disposition: disposition, method: method
                        ).url)
                }
            }
        }
        #expect(urls.count == 12)
        #expect(try rows(temporary) == 12)
    }

    @Test("Losing the metadata loses nothing: the next URL is as good")
    func dropped() async throws {
        let (temporary, id) = try await store()
        let before = try await temporary.store.signedURL(for: id, validFor: .seconds(600))
        try await temporary.shell().write { db in try db.execute(sql: "DELETE FROM signedUrl") }
        #expect(try await temporary.store.signedURL(for: id, validFor: .seconds(600)).url == before.url)
        #expect(try await temporary.store.bytes(of: id).count > 0)
    }

    @Test("Expired metadata is forgotten in batches, what still works is kept")
    func purge() async throws {
        let (temporary, id) = try await store()
        try await temporary.shell().write { db in
            try db.execute(
                sql: """
                    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1234)
                    INSERT INTO signedUrl (artifactId, method, signedAt, expiresAt, credentialId)
                    SELECT ?, 'GET', i, i + 1000, 'old' FROM n
                    """, arguments: [id.text])
        }
        let alive = try await temporary.store.signedURL(for: id, validFor: .seconds(600))
        #expect(try await temporary.store.purgeSignedURLs() == 1234)
        #expect(try rows(temporary) == 1)
        #expect(try await temporary.store.signedURL(for: id, validFor: .seconds(600)).url == alive.url)
        temporary.clock.advance(by: .seconds(601))
        #expect(try await temporary.store.purgeSignedURLs() == 1)
        #expect(try await temporary.store.purgeSignedURLs() == 0)
    }

    @Test("Times out of range, and file names that no header takes, are refused; nothing is written")
    func refused() async throws {
        let (temporary, id) = try await store()
        for (validFor, minRemaining) in [(0, 0), (-1, 0), (604_801, 0), (60, -1), (60, 60), (60, 61)] {
            let error = await storeError {
                _ = try await temporary.store.signedURL(
                    for: id, validFor: .seconds(validFor), minRemaining: .seconds(minRemaining))
            }
            #expect(error?.code == .invalidInput, "\(validFor) \(minRemaining)")
        }
        for name in ["", "a\r\nSet-Cookie: b", "a\0b", "\u{7F}", String(repeating: "a", count: 201)] {
            let error = await storeError {
                _ = try await temporary.store.signedURL(
                    for: id, validFor: .seconds(60), disposition: .attachment(fileName: name))
            }
            #expect(error?.code == .invalidInput, "\(name)")
        }
        let pending = try await temporary.claim(run: "run_2").artifactId
        for missing in [ArtifactID("art_none"), pending] {
            let error = await storeError {
                _ = try await temporary.store.signedURL(for: missing, validFor: .seconds(60))
            }
            #expect(error?.code == .notFound)
        }
        let plain = try await TemporaryStore.open(in: temporary.folder)
        let error = await storeError { _ = try await plain.store.signedURL(for: id, validFor: .seconds(60)) }
        #expect(error?.code == .objectStorage)
        #expect(try rows(temporary) == 0)
    }

    @Test("A credential that ends earlier ends the URL earlier, and too early is an error that says so")
    func credentialEnds() async throws {
        let folder = try TemporaryFolder()
        let clock = ManualClock()
        let (_, id) = try await store(in: folder, clock: clock)
        let storage = EndingStorage(
            wrapped: try DirectoryObjectStorage(
                root: folder.path(of: "objects"), bucket: "renders", urls: Self.signer()),
            endsAt: clock.now.advanced(by: .seconds(120)))
        let temporary = try await TemporaryStore.open(in: folder, clock: clock, objects: storage)
        let signed = try await temporary.store.signedURL(for: id, validFor: .seconds(600), minRemaining: .seconds(60))
        #expect(signed.expiresAt <= storage.endsAt)
        let error = await storeError {
            _ = try await temporary.store.signedURL(for: id, validFor: .seconds(600), minRemaining: .seconds(130))
        }
        #expect(error?.code == .objectStorage)
        #expect(error?.message.contains("k1 ends at") == true)
    }

    @Test("No description, dump, interpolation or error of it shows the signature")
    func redacted() async throws {
        let (temporary, id) = try await store()
        let signed = try await temporary.store.signedURL(for: id, validFor: .seconds(60))
        let signature = try #require(signed.url.query()?.split(separator: "signature=").last)
        var dumped = ""
        dump(signed, to: &dumped)
        dump(try URLSigningKeys("k1:\(String(repeating: "0707", count: 16))"), to: &dumped)
        for text in ["\(signed)", String(describing: signed), String(reflecting: signed), dumped, "\([signed])"] {
            #expect(!text.contains(signature) && !text.contains("0707"), "\(text)")
        }
        let bytes =
            try Data(contentsOf: URL(fileURLWithPath: temporary.path))
            + Data(contentsOf: URL(fileURLWithPath: temporary.path + "-wal"))
        #expect(bytes.range(of: Data(signature.utf8)) == nil, "nor does the database")
    }
}

/// A storage whose credential ends.
private struct EndingStorage: URLSigningStorage, WrappingStorage {
    let wrapped: DirectoryObjectStorage
    let endsAt: Timestamp

    func signingCredential(goodUntil moment: Timestamp) async throws -> SigningCredential {
        SigningCredential(id: try await wrapped.signingCredential(goodUntil: moment).id, expiresAt: endsAt)
    }
    func url(for signing: URLSigning) async throws -> URL { try await wrapped.url(for: signing) }
}
