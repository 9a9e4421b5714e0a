import ArtifactStore
import ArtifactStoreS3
import ArtifactStoreTesting
import Foundation
import Testing

@Suite("The chain of providers, and what is kept of its answers")
struct ChainTests {
    private static let everything = [
        "AWS_ACCESS_KEY_ID": "ENV", "AWS_SECRET_ACCESS_KEY": "s", "AWS_WEB_IDENTITY_TOKEN_FILE": "/token",
        "AWS_ROLE_ARN": "r", "AWS_SHARED_CREDENTIALS_FILE": "/keys", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/x",
    ]
    private static let files = ["/token": "t", "/keys": "[default]\naws_access_key_id=FILE\naws_secret_access_key=s"]
    private static let stsAnswer =
        "<R><AssumeRoleWithWebIdentityResult><Credentials><AccessKeyId>STS</AccessKeyId><SecretAccessKey>s"
        + "</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2027-01-01T00:00:00Z</Expiration>"
        + "</Credentials></AssumeRoleWithWebIdentityResult></R>"
    private static let agentAnswer = "{\"AccessKeyId\":\"AGENT\",\"SecretAccessKey\":\"s\"}"

    private func first(without names: [String]) async throws -> String? {
        let transport = ScriptedTransport([]) { request in
            let body = request.method == "POST" ? Self.stsAnswer : Self.agentAnswer
            return S3HTTPResponse(status: 200, body: Data(body.utf8))
        }
        let variables = Self.everything.filter { !names.contains($0.key) }
        let chain = ChainedS3Credentials(
            environment(variables, files: Self.files), transport: transport, timing: ManualTime().timing)
        return try await chain.credentials()?.accessKeyId
    }

    @Test("Environment, web identity, files, agent: in this order")
    func order() async throws {
        var gone: [String] = []
        #expect(try await first(without: gone) == "ENV")
        gone += ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]
        #expect(try await first(without: gone) == "STS")
        gone += ["AWS_WEB_IDENTITY_TOKEN_FILE"]
        #expect(try await first(without: gone) == "FILE")
        gone += ["AWS_SHARED_CREDENTIALS_FILE"]
        #expect(try await first(without: gone) == "AGENT")
        gone += ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"]
        #expect(try await first(without: gone) == nil)
    }

    @Test("A place that is set up and broken is not passed over for another identity")
    func broken() async throws {
        _ = try await storeError(.invalidInput) { _ = try await first(without: ["AWS_SECRET_ACCESS_KEY"]) }
    }

    @Test("Credentials are kept until five minutes before they expire")
    func kept() async throws {
        let clock = ManualClock()
        let source = CountingProvider { clock.now.advanced(by: .seconds(3_600)) }
        let cached = CachedS3Credentials(source, now: { clock.now })
        #expect(try await cached.credentials()?.accessKeyId == "KEY1")
        clock.advance(by: .seconds(3_299))
        #expect(try await cached.credentials()?.accessKeyId == "KEY1")
        clock.advance(by: .seconds(1))
        #expect(try await cached.credentials()?.accessKeyId == "KEY2")
    }

    @Test("Those that do not expire are kept until they are discarded, and only they")
    func discarded() async throws {
        let cached = CachedS3Credentials(CountingProvider())
        let first = try #require(try await cached.credentials())
        await cached.discard(try S3Credentials(accessKeyId: "OTHER", secretAccessKey: "secret"))
        #expect(try await cached.credentials()?.accessKeyId == "KEY1")
        await cached.discard(first)
        #expect(try await cached.credentials()?.accessKeyId == "KEY2")
    }

    @Test("Many callers at once cost one renewal")
    func once() async throws {
        let source = CountingProvider()
        let cached = CachedS3Credentials(source)
        let ids = try await withThrowingTaskGroup(of: String?.self) { group in
            for _ in 0..<50 { group.addTask { try await cached.credentials()?.accessKeyId } }
            return try await group.reduce(into: Set<String?>()) { $0.insert($1) }
        }
        #expect(ids == ["KEY1"] && source.count == 1)
    }

    @Test("While kept credentials still work, a failing renewal is no failure; afterwards it is")
    func failingRenewal() async throws {
        let clock = ManualClock()
        let source = CountingProvider { clock.now.advanced(by: .seconds(3_600)) }
        let cached = CachedS3Credentials(source, now: { clock.now })
        _ = try await cached.credentials()
        source.fail(with: StoreError(.objectStorage, "no", hint: "None."))
        clock.advance(by: .seconds(3_599))
        #expect(try await cached.credentials()?.accessKeyId == "KEY1")
        clock.advance(by: .seconds(1))
        _ = try await storeError(.objectStorage) { _ = try await cached.credentials() }
        source.fail(with: nil)
        #expect(try await cached.credentials() != nil)
    }
}
