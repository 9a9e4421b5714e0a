import ArtifactStore
import Foundation
import Testing

@Suite("Getting the bytes")
struct GetTests {
    private let lighthouse = StoreFolder.examples.appendingPathComponent("images/lighthouse-night.png")

    @Test("To a file, to standard output and through a pipe they are the provider's bytes")
    func identical() async throws {
        let store = try await StoreFolder()
        let image = try Data(contentsOf: lighthouse)
        let id = try await store.record("gemini-completed")[0].id
        let out = store.path(of: "out.png")
        let written = try await store.run(["get", id, "--output", out])
        #expect(written.status == 0 && written.bytes.isEmpty)
        #expect(written.errors == "wrote 1049 bytes of image/png to \(out)\n")
        #expect(try Data(contentsOf: URL(fileURLWithPath: out)) == image)
        #expect(try await store.run(["get", id]).bytes == image)
        #expect(try await store.run(["get", id, "-o", "-"]).bytes == image)
        let digest = try await store.shell("artifacts get \(id) | sha256sum")
        let artifact = try await store.run(["show", id, "--format", "json"]).json()
        #expect(digest.output.prefix(64) == artifact[path: "storage", "sha256"]?.string ?? "")
    }

    @Test("A PNG with a C2PA box and text behind its end passes through unchanged")
    func contentCredentials() async throws {
        let store = try await StoreFolder()
        // A caBX chunk holds C2PA's signed claims; changing a byte anywhere breaks their signature. Its content and
        // checksum are of no concern to the store, and neither is what follows IEND.
        let png = try Data(contentsOf: lighthouse)
        let box = Data("jumb fake claim, signed over every other byte of this file \0\u{1}\u{2}".utf8)
        let length = withUnsafeBytes(of: UInt32(box.count).bigEndian) { Data($0) }
        let chunk = length + Data("caBX".utf8) + box + Data([1, 2, 3, 4])
        let signed = png.prefix(33) + chunk + png.dropFirst(33) + Data("trailing\r\n".utf8)
        let answer = try store.write([
            "httpStatus": 200,
            "body": ["created": 1, "data": [["b64_json": .string(signed.base64EncodedString())]]],
        ])
        let request = StoreFolder.example("openai-images-completed").request
        let recorded = try await store.run([
            "record", "--run", "run_1", "--request", request, "--response", answer, "--format", "ndjson",
        ])
        let artifact = try #require(try recorded.jsonLines().first)
        #expect(artifact["status"] == "completed")
        #expect(try await store.run(["get", artifact.id]).bytes == signed)
    }

    @Test("An existing file, folder or link is never overwritten, and no partial file is left")
    func neverOverwrites() async throws {
        let store = try await StoreFolder()
        let id = try await store.record("gemini-completed")[0].id
        let made = try await store.shell("mkdir out; cd out; echo mine > file; mkdir folder; ln -s nowhere link")
        try #require(made.status == 0)
        for name in ["file", "folder", "link"] {
            let result = try await store.run(["get", id, "--output", store.path(of: "out/\(name)")])
            #expect(result.status == 4, "\(name): \(result.errors)")
            #expect(result.errors.contains("exists already\nhint: "))
        }
        let names = try FileManager.default.contentsOfDirectory(atPath: store.path(of: "out")).sorted()
        #expect(names == ["file", "folder", "link"])
        #expect(try String(contentsOfFile: store.path(of: "out/file"), encoding: .utf8) == "mine\n")
        #expect(!FileManager.default.fileExists(atPath: store.path(of: "nowhere")))
    }

    @Test("A large image goes out in pieces, to a file and to a pipe; a damaged one to neither")
    func large() async throws {
        let folder = try await StoreFolder()
        let store = try await ArtifactStore.open(
            at: folder.database, objects: .directory(folder.objects, bucket: "images"))
        let bytes = try Data(contentsOf: lighthouse) + Data(count: 70_000_000)
        let request = GeneratedImageRequest(prompt: "a lighthouse", model: "gpt-image-1")
        let id = try await store.produce(request, for: "run_1") { _ in
            ProviderAnswer(
                outcome: .finished([.image(GeneratedImage(bytes: bytes))]),
                execution: ModelExecution(provider: "openai", imageGenerationMode: .directImageModel))
        }.artifactId.text
        try await store.close()
        let output = folder.path(of: "out.png")
        let written = try await folder.run(["get", id, "--output", output])
        #expect(written.errors == "wrote \(bytes.count) bytes of image/png to \(output)\n")
        #expect(FileManager.default.contents(atPath: output) == bytes)
        #expect(try await folder.run(["get", id]).bytes == bytes)

        let artifact = try await folder.run(["show", id, "--format", "json"]).json()
        let object = try FileHandle(forUpdating: URL(fileURLWithPath: folder.object(of: artifact)))
        try object.seek(toOffset: UInt64(bytes.count - 1))
        try object.write(contentsOf: Data([1]))
        try object.close()
        for arguments in [["get", id], ["get", id, "--output", folder.path(of: "other.png")]] {
            let damaged = try await folder.run(arguments)
            #expect(damaged.status == 8 && damaged.bytes.isEmpty && damaged.errors.contains("SHA-256"))
        }
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.root)
        #expect(!names.contains { $0.hasPrefix("other.png") }, "\(names)")
    }

    @Test("Image bytes never go to a terminal")
    func terminal() async throws {
        let store = try await StoreFolder()
        let id = try await store.record("gemini-completed")[0].id
        let shown = try await PseudoTerminal.run(["get", id, "--database", store.database], columns: 80)
        #expect(shown.status == 64)
        #expect(shown.output.hasPrefix("error: image bytes do not belong on a terminal\nhint: "))
    }
}
