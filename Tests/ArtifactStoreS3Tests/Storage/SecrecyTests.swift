import ArtifactStore
import ArtifactStoreS3
import Foundation
import Testing

/// Marked secrets, looked for wherever text comes out.
@Suite("No secret comes out")
struct SecrecyTests {
    private static let canaries = ["CANARYSECRET", "CANARYTOKEN"]
    private let key = Result { try ObjectKey("a/b.png") }

    private func credentials() throws -> S3Credentials {
        try S3Credentials(
            accessKeyId: "AKIAEXAMPLE", secretAccessKey: Self.canaries[0], sessionToken: Self.canaries[1])
    }

    private func expectNothing(in text: String, and signatures: [String] = []) {
        for secret in Self.canaries + signatures { #expect(!text.contains(secret), "\(text)") }
    }

    @Test("Not from credentials, providers, signers, storages and environments, nor from what holds them")
    func values() throws {
        let credentials = try credentials()
        let fixed = StaticS3Credentials(credentials)
        let variables = environment(["AWS_SECRET_ACCESS_KEY": Self.canaries[0], "AWS_SESSION_TOKEN": Self.canaries[1]])
        let transport = ScriptedTransport([])
        let values: [Any] = [
            credentials, [credentials], ["k": Optional(credentials)], credentials.secretAccessKey, fixed,
            try S3RequestSigner(credentials: credentials, region: "us-east-1"),
            try storage(transport, credentials: fixed), variables, EnvironmentS3Credentials(variables),
            ChainedS3Credentials(variables, transport: transport), SharedFileS3Credentials(variables),
            ContainerS3Credentials(variables, transport: transport),
            WebIdentityS3Credentials(variables, transport: transport), CachedS3Credentials(fixed),
        ]
        for value in values {
            for text in texts(value) { expectNothing(in: text) }
        }
        // The search can fail: revealed, the secret is found.
        #expect(texts(credentials.secretAccessKey.reveal()).allSatisfy { $0.contains(Self.canaries[0]) })
    }

    @Test("Not from signed URLs and requests")
    func signed() async throws {
        let transport = ScriptedTransport([], otherwise: answer(200, "", ["content-length": "1"]))
        let storage = try storage(transport, credentials: StaticS3Credentials(credentials()))
        let url = try await storage.signedUploadURL(
            for: key.get(), contentType: "image/png", sha256: sha256(Data()), validForSeconds: 60)
        let signature = try #require(url.url.reveal().firstMatch(of: /X-Amz-Signature=([0-9a-f]{64})/)).output.1
        for text in texts(url) { expectNothing(in: text, and: [String(signature), "X-Amz-"]) }
        _ = try await storage.head(key.get())
        for text in texts(try #require(transport.requests.first)) { expectNothing(in: text, and: ["Signature"]) }
    }

    @Test(
        "Not from errors, even when the server repeats everything it was sent",
        arguments: [200, 301, 400, 403, 404, 409, 412, 416, 500, 503])
    func errors(status: Int) async throws {
        let echo: ScriptedTransport.Answer = { request in
            let everything = request.headers.map(\.value).joined(separator: " ") + request.url
            let body =
                "<Error><Code>\(everything)</Code><Message>\(everything)</Message><RequestId>\(everything)"
                + "</RequestId><StringToSign>\(everything)</StringToSign></Error>"
            return S3HTTPResponse(
                status: status,
                headers: [.init("x-amz-request-id", everything), .init("x-amz-bucket-region", everything)],
                body: Data(body.utf8))
        }
        let storage = try storage(
            ScriptedTransport([], otherwise: echo), credentials: StaticS3Credentials(credentials()))
        let bytes = Data("bytes".utf8)
        let calls: [(S3ObjectStorage) async throws -> Void] = [
            { try await $0.put(bytes, at: key.get(), sha256: sha256(bytes)) },
            { _ = try await $0.get(key.get(), expecting: ImageFacts(sha256: sha256(bytes))) },
            { _ = try await $0.get(key.get(), range: 0..<1) }, { _ = try await $0.head(key.get()) },
            { try await $0.delete(key.get()) }, { _ = try await $0.delete([key.get()]) },
            { _ = try await $0.list(after: nil, limit: 10) },
            { try await $0.move(key.get(), to: ObjectKey("moved.png")) },
        ]
        var thrown = 0
        for call in calls {
            do {
                try await call(storage)
            } catch {
                thrown += 1
                #expect(error is StoreError, "\(error)")
                for text in texts(error) { expectNothing(in: text, and: ["AWS4-HMAC", "Signature=", "Credential="]) }
            }
        }
        #expect(thrown >= 4)
    }

    @Test("Not from an endpoint that was given with a password or a signature")
    func endpoint() async throws {
        for text in ["https://user:CANARYSECRET@host", "https://host/?X-Amz-Signature=CANARYSECRET"] {
            let error = try await storeError(.invalidInput) { _ = try S3Endpoint(text) }
            expectNothing(in: "\(error)")
        }
    }
}
