import ArtifactStoreTesting
import Foundation
import Testing

@testable import ArtifactStore

@Suite("Signing the URLs of a folder of objects")
struct DirectoryURLSignerTests {
    private static let end = Timestamp(clamping: 1_800_000_900_000)
    private static let now = Timestamp(clamping: 1_800_000_000_000)

    private func signing(
        _ key: String = "run_1/art_1/1", _ disposition: String? = nil, method: SigningMethod = .get
    ) throws -> URLSigning {
        URLSigning(
            key: try ObjectKey(key), method: method, disposition: disposition, contentType: "image/png",
            credentialId: "k1", signedAt: Self.now, expiresAt: Self.end)
    }

    /// Path behind the base, and query, as a service sees them.
    private func request(_ url: URL) throws -> (path: String, query: String) {
        let text = url.absoluteString.dropFirst("https://renders.example/objects/".count)
        let parts = text.split(separator: "?", maxSplits: 1)
        return (String(parts[0]), String(try #require(parts.last)))
    }

    private func check(
        _ signer: DirectoryURLSigner, _ path: String, _ query: String, method: SigningMethod = .get,
        bucket: String = "renders", now: Timestamp = DirectoryURLSignerTests.now
    ) throws(SignedURLRejection) -> SignedObject {
        try signer.check(path: path, query: query, method: method, bucket: bucket, now: now)
    }

    @Test(
        "What was signed is what is served, whatever the key and the file name are",
        arguments: [
            "a", "run_1/art_1/1", "odd/ü ключ \u{1F5BC}/a+b&c=d?e#f%41", "cafe\u{301}/café", "a/b c/'\"()*!~",
        ])
    func roundTrip(key: String) throws {
        let signer = try SignedURLTests.signer()
        for disposition in [nil, "attachment; filename=\"a b.png\"; filename*=UTF-8''%C3%A9%26.png"] {
            let url = try signer.url(for: signing(key, disposition), in: "renders")
            #expect(try signer.url(for: signing(key, disposition), in: "renders") == url)
            let (path, query) = try request(url)
            let object = try check(signer, path, query)
            #expect(object == SignedObject(key: try ObjectKey(key), disposition: disposition, contentType: "image/png"))
        }
    }

    @Test("The same is derived by another implementation of HMAC-SHA256")
    func openssl() async throws {
        let url = try SignedURLTests.signer().url(for: signing(), in: "renders")
        let parts = [
            "swift-artifact-store signed object URL 1", "GET", "renders", "run_1/art_1/1", "1800000900", "",
            "image/png",
        ]
        let message = parts.map { "\($0.utf8.count):\($0)" }.joined()
        let secret = String(repeating: "07", count: 32)
        let result = try await Driver.run(
            "/bin/sh",
            [
                "-c", "printf '%s' \"$1\" | openssl dgst -sha256 -mac HMAC -macopt hexkey:\(secret) -r | cut -c 1-64",
                "sh", message,
            ])
        let expected = try #require(result.lines.first)
        #expect(url.absoluteString.hasSuffix("&signature=\(expected)"))
    }

    @Test("A change of any character of path or query is refused")
    func tampered() throws {
        let signer = try SignedURLTests.signer()
        let disposition = "attachment; filename=\"a.png\""
        let (path, query) = try request(try signer.url(for: signing("run_1/art_1/1", disposition), in: "renders"))
        let whole = Array("\(path)?\(query)")
        for index in whole.indices {
            for replacement in ["", "0", "a", "/", "%", "&", "?", "="] where replacement != String(whole[index]) {
                var changed = whole.map(String.init)
                changed[index] = replacement
                let parts = changed.joined().split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
                guard parts.count == 2 else { continue }
                #expect(throws: SignedURLRejection.self, "\(changed.joined())") {
                    try check(signer, String(parts[0]), String(parts[1]))
                }
            }
        }
    }

    @Test("A query that was added to, taken from, repeated, put in another order or altered is refused")
    func otherQueries() throws {
        let signer = try SignedURLTests.signer()
        var random = SeededGenerator(seed: 11)
        let names = ["expires", "key", "disposition", "type", "signature", "x", "", "Type", "expires%20"]
        let values = ["", "0", "1800000900", "k1", "image%2Fpng", "image/png", "attachment", "%", "%00", "%C3%A9"]
        for disposition in [nil, "attachment; filename=\"a.png\""] {
            let (path, query) = try request(try signer.url(for: signing("run_1/art_1/1", disposition), in: "renders"))
            let fields = query.split(separator: "&").map(String.init)
            var refused = 0
            for number in 0..<5_000 {
                var changed = fields
                let index = Int.random(in: fields.indices, using: &random)
                switch number % 5 {
                case 0:
                    let name = try #require(names.randomElement(using: &random))
                    let field = try "\(name)=\(#require(values.randomElement(using: &random)))"
                    changed.insert(field, at: Int.random(in: 0...fields.count, using: &random))
                case 1: changed.remove(at: index)
                case 2: changed.insert(fields[index], at: Int.random(in: 0...fields.count, using: &random))
                case 3: changed.shuffle(using: &random)
                default:
                    var bytes = Array(changed[index].utf8)
                    let place = Int.random(in: bytes.indices, using: &random)
                    switch UInt8.random(in: 0...2, using: &random) {
                    case 0: bytes[place] = UInt8.random(in: 0x21...0x7E, using: &random)
                    case 1: bytes.remove(at: place)
                    // The same byte in another spelling.
                    default: bytes.replaceSubrange(place...place, with: "%\(String(bytes[place], radix: 16))".utf8)
                    }
                    changed[index] = String(decoding: bytes, as: UTF8.self)
                }
                if changed == fields { continue }
                refused += 1
                let other = changed.joined(separator: "&")
                #expect(throws: SignedURLRejection.self, "\(other)") { try check(signer, path, other) }
            }
            #expect(refused > 4_000)
        }
    }

    @Test("An empty disposition is not the same as none")
    func emptyDisposition() throws {
        let signer = try SignedURLTests.signer()
        let (path, query) = try request(try signer.url(for: signing(), in: "renders"))
        let other = query.replacing("&type=", with: "&disposition=&type=")
        #expect(throws: SignedURLRejection.malformed) { try check(signer, path, other) }
    }

    @Test("A key's name is compared by bytes: the Kelvin sign is no K")
    func keyNames() throws {
        let signer = try SignedURLTests.signer([("K1", 7)])
        let signing = URLSigning(
            key: try ObjectKey("a"), method: .get, disposition: nil, contentType: "image/png", credentialId: "K1",
            signedAt: Self.now, expiresAt: Self.end)
        let (path, query) = try request(try signer.url(for: signing, in: "renders"))
        #expect(throws: Never.self) { try check(signer, path, query) }
        let other = query.replacing("key=K1", with: "key=%E2%84%AA1")
        #expect(throws: SignedURLRejection.unknownKey) { try check(signer, path, other) }
    }

    @Test("Another method, bucket, key, purpose or moment is refused, each for its reason")
    func reasons() throws {
        let signer = try SignedURLTests.signer()
        let (path, query) = try request(try signer.url(for: signing(), in: "renders"))
        #expect(throws: SignedURLRejection.wrongSignature) { try check(signer, path, query, method: .head) }
        #expect(throws: SignedURLRejection.wrongSignature) { try check(signer, path, query, bucket: "others") }
        #expect(throws: SignedURLRejection.expired) { try check(signer, path, query, now: Self.end) }
        let last = try #require(Timestamp(milliseconds: Self.end.milliseconds - 1))
        #expect(throws: Never.self) { try check(signer, path, query, now: last) }
        let others = try SignedURLTests.signer([("k1", 9)])
        #expect(throws: SignedURLRejection.wrongSignature) { try check(others, path, query) }
        #expect(throws: SignedURLRejection.unknownKey) { try check(SignedURLTests.signer([("k2", 7)]), path, query) }
        for query in [
            "", "a", "expires=1", query + "&key=k1", query + "&x=1", query.replacing("expires=", with: "expires=+"),
        ] {
            #expect(throws: SignedURLRejection.malformed, "\(query)") { try check(signer, path, query) }
        }
    }

    @Test("Keys rotate: the first signs, all are accepted, a dropped one revokes what it signed")
    func rotation() throws {
        let old = try SignedURLTests.signer()
        let (path, query) = try request(try old.url(for: signing(), in: "renders"))
        let rotated = try SignedURLTests.signer([("k2", 8), ("k1", 7)])
        #expect(rotated.credential.id == "k2")
        #expect(throws: Never.self) { try check(rotated, path, query) }
        #expect(throws: SignedURLRejection.unknownKey) { try check(SignedURLTests.signer([("k2", 8)]), path, query) }
        #expect(throws: StoreError.self) { try SignedURLTests.signer([("k2", 8)]).url(for: signing(), in: "renders") }
    }

    @Test("Keys and bases that are none are refused, and no message repeats a secret")
    func badKeys() throws {
        let secret = String(repeating: "5eC4e7", count: 12)
        for text in [
            "", "k1", "k1:", "k1:0011", "k1:\(secret)x", "k 1:\(secret)", "k1:\(secret),k1:\(secret)", "k1:\(secret),",
        ] {
            let error = #expect(throws: StoreError.self, "\(text)") { try URLSigningKeys(text) }
            #expect(error.map { "\($0)".lowercased().contains("5ec4e75ec4e7") } == false)
        }
        #expect(try URLSigningKeys("new:\(secret),old:\(secret)").keys.map(\.id) == ["new", "old"])
        for base in ["ftp://a/b", "https://", "https://u@a/b", "https://a/b?c", "https://a/b#c", "file:///a"] {
            guard let url = URL(string: base) else { continue }
            #expect(throws: StoreError.self, "\(base)") {
                try DirectoryURLSigner(base: url, keys: URLSigningKeys("k1:\(secret)"))
            }
        }
    }

    @Test(
        "What could run scripts is saved under a harmless type, however it was asked for",
        arguments: [
            "image/svg+xml", "text/html", "application/xhtml+xml", "application/pdf", "text/xml", "image/png; a=b", nil,
            "IMAGE/PNG", "application/octet-stream", "multipart/related",
        ])
    func risky(contentType: String?) throws {
        for disposition in [ContentDisposition.inline, .attachment(fileName: nil)] {
            let headers = try AnswerHeaders(disposition, of: ArtifactID("art_1"), contentType: contentType)
            #expect(headers.contentType == "application/octet-stream")
            #expect(headers.disposition == "attachment; filename=\"art_1\"")
        }
    }

    @Test("Images are shown, or saved under their name in both encodings")
    func dispositions() throws {
        func headers(_ disposition: ContentDisposition) throws -> AnswerHeaders {
            try AnswerHeaders(disposition, of: ArtifactID("art_1"), contentType: "image/jpeg")
        }
        #expect(try headers(.inline) == AnswerHeaders.test(nil, "image/jpeg"))
        for (name, expected) in [
            (nil, "attachment; filename=\"art_1.jpg\""), ("a b.jpg", "attachment; filename=\"a b.jpg\""),
            ("a\"b.jpg", "attachment; filename=\"a_b.jpg\"; filename*=UTF-8''a%22b.jpg"),
            ("../a\\b%41;.jpg", "attachment; filename=\".._a_b_41_.jpg\"; filename*=UTF-8''..%2Fa%5Cb%2541%3B.jpg"),
            ("Übung 画.jpg", "attachment; filename=\"_bung _.jpg\"; filename*=UTF-8''%C3%9Cbung%20%E7%94%BB.jpg"),
        ] {
            #expect(try headers(.attachment(fileName: name)).disposition == expected)
        }
    }
}

extension AnswerHeaders {
    fileprivate static func test(_ disposition: String?, _ contentType: String) -> AnswerHeaders {
        AnswerHeaders(disposition: disposition, contentType: contentType)
    }
}
