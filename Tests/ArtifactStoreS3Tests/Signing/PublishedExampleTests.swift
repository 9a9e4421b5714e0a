import ArtifactStore
import ArtifactStoreS3
import Testing

/// The worked examples of the Amazon S3 API reference, "Signature Calculations for the Authorization Header" and
/// "Authenticating Requests: Using Query Parameters".
@Suite("The signature examples that AWS publishes")
struct PublishedExampleTests {
    private let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

    private func signer() throws -> S3RequestSigner {
        try S3RequestSigner(
            credentials: S3Credentials(
                accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
            region: "us-east-1")
    }

    private func moment() throws -> Timestamp { try #require(Timestamp("2013-05-24T00:00:00Z")) }

    private func endpoint() throws -> S3Endpoint {
        try S3Endpoint("https://s3.amazonaws.com", style: .virtualHost)
    }

    private func signature(_ request: S3Request) throws -> String? {
        let signed = try signer().sign(request, at: moment())
        return signed.headers.first { $0.name == "authorization" }?.value.split(separator: "=").last.map(String.init)
    }

    @Test("GET Object, by header")
    func getObject() throws {
        let request = S3Request(
            .get, endpoint: try endpoint(), bucket: "examplebucket", key: "test.txt",
            headers: [.init("Range", "bytes=0-9")], payload: .sha256(empty))
        #expect(try signature(request) == "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41")
    }

    @Test("PUT Object, by header")
    func putObject() throws {
        let request = S3Request(
            .put, endpoint: try endpoint(), bucket: "examplebucket", key: "test$file.text",
            headers: [
                .init("Date", "Fri, 24 May 2013 00:00:00 GMT"), .init("x-amz-storage-class", "REDUCED_REDUNDANCY"),
            ], payload: .sha256("44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072"))
        #expect(try signature(request) == "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd")
    }

    @Test("GET Bucket Lifecycle, by header: a parameter without a value")
    func lifecycle() throws {
        let request = S3Request(
            .get, endpoint: try endpoint(), bucket: "examplebucket", query: [.init("lifecycle")],
            payload: .sha256(empty))
        #expect(try signature(request) == "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543")
    }

    @Test("GET Bucket (List Objects), by header: parameters out of order")
    func list() throws {
        let request = S3Request(
            .get, endpoint: try endpoint(), bucket: "examplebucket",
            query: [.init("prefix", "J"), .init("max-keys", "2")], payload: .sha256(empty))
        #expect(try signature(request) == "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7")
    }

    @Test("GET Object, by query")
    func presigned() throws {
        let request = S3Request(.get, endpoint: try endpoint(), bucket: "examplebucket", key: "test.txt")
        let signed = try signer().presign(request, at: moment(), validForSeconds: 86_400)
        #expect(
            signed.url.reveal()
                == "https://examplebucket.s3.amazonaws.com/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256"
                + "&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request"
                + "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host"
                + "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404")
    }

    @Test("A signed URL is valid for 1 to 604,800 seconds, and for no other number", arguments: [1, 604_800])
    func validity(seconds: Int) throws {
        let request = S3Request(.get, endpoint: try endpoint(), bucket: "examplebucket", key: "test.txt")
        let signed = try signer().presign(request, at: moment(), validForSeconds: seconds)
        #expect(signed.expiresAt.milliseconds == (try moment()).milliseconds + Int64(seconds) * 1000)
        for wrong in [seconds - 1, seconds + 1, -seconds] where !S3RequestSigner.validitySeconds.contains(wrong) {
            let error = #expect(throws: StoreError.self) {
                _ = try signer().presign(request, at: moment(), validForSeconds: wrong)
            }
            #expect(error?.code == .invalidInput)
        }
    }

    @Test("Credentials that expire first end the URL")
    func credentialsEnd() throws {
        let end = try moment().advanced(by: .seconds(60))
        let signer = try S3RequestSigner(
            credentials: S3Credentials(accessKeyId: "A", secretAccessKey: "s", sessionToken: "t", expiresAt: end),
            region: "us-east-1")
        let request = S3Request(.get, endpoint: try endpoint(), bucket: "examplebucket", key: "test.txt")
        #expect(try signer.presign(request, at: moment(), validForSeconds: 900).expiresAt == end)
    }
}
