import ArtifactStore
import ArtifactStoreS3
import Foundation
import Testing

@Suite("Endpoints, buckets and limits")
struct ConfigurationTests {
    @Test("An endpoint is scheme, host and port; the scheme's own port is left out")
    func endpoints() throws {
        for (text, authority) in [
            ("https://s3.test:443", "s3.test"), ("HTTP://MinIO:80/", "minio"),
            ("http://127.0.0.1:8333", "127.0.0.1:8333"),
            ("https://s3.test:80", "s3.test:80"), ("http://[::1]:9000", "[::1]:9000"),
        ] {
            #expect(try S3Endpoint(text).authority == authority)
        }
        #expect(try S3Endpoint.aws(region: "eu-central-1").description == "https://s3.eu-central-1.amazonaws.com")
        #expect(try S3Endpoint.aws(region: "cn-north-1").authority == "s3.cn-north-1.amazonaws.com.cn")
    }

    @Test(
        "Whatever else an address may hold is refused",
        arguments: [
            "", "s3.test", "ftp://s3.test", "https://", "https://s3.test/path", "https://s3.test?x",
            "https://s3.test#x",
            "https://u:p@s3.test", "https://s3.test:0", "https://s3.test:65536", "https://s3.test:x",
            "https://s3 .test",
            "https://.s3.test", "https://-s3", "https://s3..test", "https://s3.test\r\nx: y",
        ])
    func refusedEndpoints(text: String) async throws {
        _ = try await storeError(.invalidInput) { _ = try S3Endpoint(text) }
    }

    @Test(
        "Bucket names that S3 does not take are refused",
        arguments: ["", "ab", "Upper", "a_b", "-ab", "ab-", "a..b", "a/b", String(repeating: "a", count: 64)])
    func buckets(name: String) async throws {
        _ = try await storeError(.invalidInput) { _ = try storage(ScriptedTransport([])) { $0.bucket = name } }
    }

    @Test("A bucket with a dot gets path style at AWS, and no virtual host over TLS")
    func dots() async throws {
        #expect(try S3Configuration(bucket: "a.b", region: "us-east-1").endpoint.style == .path)
        #expect(try S3Configuration(bucket: "a-b", region: "us-east-1").endpoint.style == .virtualHost)
        _ = try await storeError(.invalidInput) { _ = try S3Endpoint("http://[::1]:9000", style: .virtualHost) }
        let endpoint = try S3Endpoint("https://s3.test", style: .virtualHost)
        _ = try await storeError(.invalidInput) {
            _ = try storage(ScriptedTransport([])) { configuration in
                configuration.endpoint = endpoint
                configuration.bucket = "a.b"
            }
        }
    }

    @Test("A digest that is none signs no upload URL")
    func uploadDigest() async throws {
        for digest in ["", "abc", String(repeating: "A", count: 64), String(repeating: "g", count: 64)] {
            _ = try await storeError(.invalidInput) {
                _ = try await storage(ScriptedTransport([])).signedUploadURL(
                    for: ObjectKey("a"), contentType: "image/png", sha256: digest, validForSeconds: 60)
            }
        }
    }

    @Test("Sizes out of bounds are refused")
    func sizes() async throws {
        let changes: [(inout S3Configuration) -> Void] = [
            { $0.partByteCount = 5_242_879 }, { $0.partByteCount = 1_073_741_825 }, { $0.multipartThreshold = 0 },
            { $0.parallelParts = 0 }, { $0.parallelParts = 33 }, { $0.region = "US East" },
            { $0.retry.deadline = .zero }, { $0.retry.longestDelay = .milliseconds(1) },
        ]
        for change in changes {
            _ = try await storeError(.invalidInput) { _ = try storage(ScriptedTransport([]), configure: change) }
        }
    }
}
