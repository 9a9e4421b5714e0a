import ArtifactStore
import ArtifactStoreS3
import ArtifactStoreTesting
import Foundation
import Synchronization
import Testing

@Suite("Signing for the store, without a server")
struct SigningStorageTests {
    private static let moment = Timestamp(clamping: 1_800_000_000_000)
    private static let token = "CANARYTOKEN/with+marks="

    private func temporary(_ id: String = "ASIAEXAMPLE", token: String = token) throws -> S3Credentials {
        try S3Credentials(accessKeyId: id, secretAccessKey: "secret", sessionToken: token)
    }

    private func storage(_ provider: some S3CredentialsProvider) throws -> S3ObjectStorage {
        try ArtifactStoreS3Tests.storage(
            ScriptedTransport([], otherwise: answer(200, "", ["content-length": "1"])), credentials: provider)
    }

    private func signing(
        _ credentialId: String, key: String = "run_1/art_1/1", method: SigningMethod = .get, seconds: Int64 = 900
    ) throws -> URLSigning {
        URLSigning(
            key: try ObjectKey(key), method: method, disposition: "attachment; filename=\"a.png\"",
            contentType: "image/png", credentialId: credentialId, signedAt: Self.moment,
            expiresAt: Self.moment.advanced(by: .seconds(seconds)))
    }

    @Test(
        "The same is signed to the same URL by every storage with the credential, and anything else to another one",
        arguments: ["a", "odd/ü ключ \u{1F5BC}/a+b&c=d?e#f%41", "cafe\u{301}/café", "a/b c/'\"()*!~"])
    func derived(key: String) async throws {
        let id = try await storage(StaticS3Credentials(temporary())).signingCredential(goodUntil: Self.moment).id
        func url(_ signing: URLSigning) async throws -> String {
            try await storage(StaticS3Credentials(temporary())).url(for: signing).absoluteString
        }
        let first = try await url(signing(id, key: key))
        #expect(try await url(signing(id, key: key)) == first)
        #expect(first.contains("X-Amz-Expires=900&") && first.contains("X-Amz-Date=20270115T080000Z&"))
        #expect(first.contains("response-content-type=image%2Fpng&response-content-disposition=attachment%3B%20"))
        #expect(try await url(signing(id, key: key, method: .head)) != first)
        #expect(try await url(signing(id, key: key, seconds: 901)) != first)
        #expect(try await url(signing(id, key: key + "x")) != first)
    }

    @Test("A credential's name tells session tokens apart and gives nothing of them away")
    func names() async throws {
        func name(_ credentials: S3Credentials) async throws -> String {
            try await storage(StaticS3Credentials(credentials)).signingCredential(goodUntil: Self.moment).id
        }
        let lasting = try S3Credentials(accessKeyId: "AKIAEXAMPLE", secretAccessKey: "secret")
        #expect(try await name(lasting) == "AKIAEXAMPLE")
        // The first digits of `printf %s TOKEN | sha256sum`.
        #expect(try await name(temporary()) == "ASIAEXAMPLE." + sha256(Data(Self.token.utf8)).prefix(16))
        #expect(try await name(temporary()) != name(temporary(token: "another")))
        // The table takes names of 256 bytes at most.
        let longest = try temporary(String(repeating: "A", count: 128), token: String(repeating: "t", count: 32_768))
        #expect(try await name(longest).utf8.count == 145)
        _ = try await storeError(.invalidInput) { _ = try temporary(String(repeating: "A", count: 129)) }
    }

    @Test("With another credential than the one that signed, it is an error that says who signs now")
    func gone() async throws {
        let storage = try storage(StaticS3Credentials(temporary()))
        let error = try await storeError(.objectStorage) { _ = try await storage.url(for: signing("AKIAGONE")) }
        #expect(error.message.contains("AKIAGONE") && error.hint.contains("ASIAEXAMPLE."))
        #expect(!"\(error)".contains("CANARY"))
    }

    @Test("Credentials that end before the URL may end are renewed, and others are not")
    func renewed() async throws {
        let clock = ManualClock(at: Self.moment)
        let source = CountingProvider { clock.now.advanced(by: .seconds(3_600)) }
        let storage = try storage(CachedS3Credentials(source, now: { clock.now }))
        func credential(_ seconds: Int64) async throws -> SigningCredential {
            try await storage.signingCredential(goodUntil: clock.now.advanced(by: .seconds(seconds)))
        }
        let first = try await credential(1_800)
        #expect(first == SigningCredential(id: "KEY1", expiresAt: Self.moment.advanced(by: .seconds(3_600))))
        clock.advance(by: .seconds(1_799))
        #expect(try await credential(1_800).id == "KEY1")
        clock.advance(by: .seconds(1))
        #expect(try await credential(1_800).id == "KEY2")
        // Longer than any of them lasts: the newest one, for the caller to judge.
        #expect(try await credential(7_200).id == "KEY3")
    }

    @Test("When the credentials change while a URL is made, it is signed with the new ones")
    func changed() async throws {
        let provider = Switching()
        let temporary = try await TemporaryStore.open(objects: storage(provider))
        let artifact = try await temporary.store.produce(Fixture.request, for: "run_1") { _ in Fixture.answer() }
        provider.arm()
        let signed = try await temporary.store.signedURL(for: artifact.artifactId, validFor: .seconds(900))
        #expect(signed.credentialId == "NEW")
        #expect(signed.url.absoluteString.contains("X-Amz-Credential=NEW%2F"))
    }
}

/// Gives `OLD` until it has given it once more after ``arm()``, and `NEW` from then on.
private final class Switching: S3CredentialsProvider {
    private let left = Mutex<Int?>(nil)

    func arm() { left.withLock { $0 = 1 } }

    func credentials() async throws -> S3Credentials? {
        let isOld = left.withLock { left in
            guard let count = left else { return true }
            left = count - 1
            return count > 0
        }
        return try S3Credentials(accessKeyId: isOld ? "OLD" : "NEW", secretAccessKey: "secret")
    }
}
