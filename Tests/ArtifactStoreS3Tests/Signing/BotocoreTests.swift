import ArtifactStore
import ArtifactStoreS3
import Foundation
import Testing

@Suite(
    "Signatures are botocore's, byte by byte",
    .enabled(if: Surroundings.runsBotocoreTests, "left out: make test provides botocore in S3_TEST_PYTHON"))
struct BotocoreTests {
    struct Case: Decodable {
        let accessKeyId: String, secretAccessKey: String, sessionToken: String?
        let region: String, style: String, bucket: String, milliseconds: Int64
        let kind: String, endpoint: String, key: String, method: String
        let query: [[String]], headers: [[String]], payload: String?, seconds: Int?, expected: String

        func request() throws -> S3Request {
            S3Request(
                try #require(S3Request.Method(rawValue: method)),
                endpoint: try S3Endpoint(endpoint, style: style == "path" ? .path : .virtualHost), bucket: bucket,
                key: key, query: query.map { .init($0[0], $0[1]) }, headers: headers.map { .init($0[0], $0[1]) },
                payload: payload.map { $0 == "UNSIGNED-PAYLOAD" ? .unsigned : .sha256($0) } ?? .unsigned)
        }

        func result(secret: String? = nil) throws -> String? {
            let signer = try S3RequestSigner(
                credentials: S3Credentials(
                    accessKeyId: accessKeyId, secretAccessKey: secret ?? secretAccessKey, sessionToken: sessionToken),
                region: region)
            let moment = try #require(Timestamp(milliseconds: milliseconds))
            if let seconds {
                return try signer.presign(request(), at: moment, validForSeconds: seconds).url.reveal()
            }
            return try signer.sign(request(), at: moment).headers.first { $0.name == "authorization" }?.value
        }
    }

    private static let count = 2_500

    private static func cases() throws -> [Case] {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try #require(Surroundings.python, "make test sets it"))
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("botocore-cases.py").path
        process.arguments = [script, String(count)]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let lines = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        return try lines.split(separator: UInt8(ascii: "\n")).map { try JSONDecoder().decode(Case.self, from: $0) }
    }

    @Test("2,500 requests with odd keys, queries and headers, presigned and by header, in both styles")
    func agree() throws {
        let cases = try Self.cases()
        #expect(cases.count == Self.count)
        for entry in cases {
            let result = try entry.result()
            #expect(result == entry.expected, "\(entry.kind) \(entry.method) \(entry.key)")
        }
        for kind in ["presigned", "header"] {
            for style in ["path", "virtual"] {
                let some = cases.filter { $0.kind == kind && $0.style == style }
                #expect(some.count > 300, "\(kind) \(style)")
                #expect(some.contains { $0.sessionToken != nil } && some.contains { $0.sessionToken == nil })
            }
        }
        #expect(Set(cases.map(\.method)) == Set(S3Request.Method.allCases.map(\.rawValue)))
        // The comparison can fail: another secret gives another signature.
        #expect(try cases[0].result(secret: "another") != cases[0].expected)
    }
}
