import ArtifactStoreTesting
import Foundation
import Testing

@testable import ArtifactStore

@Suite("Exporting and importing with objects")
struct ObjectExchangeTests {
    /// A store with four images, two of them the same, one failed artifact, and one whose facts nobody told.
    private func source() async throws -> TemporaryStore {
        let temporary = try await TemporaryStore.open()
        for shade: UInt8 in [1, 2, 1] {
            try await temporary.store.complete(
                temporary.claim(), storing: SampleImage.png(shade: shade), execution: Fixture.execution)
        }
        try await temporary.store.fail(temporary.claim(), Fixture.failure)
        let bytes = SampleImage.png(shade: 3)
        let objects = try #require(temporary.store.objects)
        try await objects.put(bytes, at: try ObjectKey("host/own"), sha256: SHA256Hex.of(bytes))
        try await temporary.store.complete(
            temporary.claim(),
            at: StorageReference(kind: objects.kind, bucket: objects.bucket, objectKey: ObjectKey("host/own")),
            execution: Fixture.execution)
        return temporary
    }

    private func export(_ source: TemporaryStore) async throws -> ExportedFolder {
        let export = try ExportedFolder()
        let report = try await source.store.export(to: export.path, withObjects: true)
        #expect(report.objectCount == 4)
        return export
    }

    @Test("Artifacts come back with their bytes, and the second export is the first, byte for byte")
    func roundTrip() async throws {
        let source = try await source()
        let export = try await export(source)
        // Two artifacts share a file.
        #expect(try export.files().keys.filter { $0.hasPrefix("objects/") }.count == 3)
        let target = try await TemporaryStore.open()
        #expect(try await target.store.importArtifacts(from: export.path).objectCount == 4)
        #expect(try target.records() == source.records())
        for artifact in try await source.store.runDetail("run_1").artifacts where artifact.status == .completed {
            #expect(
                try await target.store.bytes(of: artifact.artifactId) == source.store.bytes(of: artifact.artifactId))
        }
        #expect(try await self.export(target).files() == export.files())
        #expect(try await target.store.importArtifacts(from: export.path).skippedCount == 5)
        for name in try FileManager.default.subpathsOfDirectory(atPath: export.path) {
            let attributes = try FileManager.default.attributesOfItem(atPath: export.path(of: name))
            let isFolder = attributes[.type] as? FileAttributeType == .typeDirectory
            #expect(attributes[.posixPermissions] as? Int == (isFolder ? 0o700 : 0o600), "\(name)")
        }
    }

    @Test("An object that is missing or damaged is named by its artifact, and nothing is published")
    func missing() async throws {
        for damage in ["missing", "damaged", "longer"] {
            let source = try await source()
            let artifact = try #require(try await source.store.runDetail("run_1").artifacts.first)
            let key = try #require(artifact.storage?.reference.objectKey.text)
            let path = source.folder.path(of: "objects/renders/\(key)")
            let bytes = try #require(FileManager.default.contents(atPath: path))
            try FileManager.default.removeItem(atPath: path)
            if damage != "missing" {
                try (damage == "longer" ? bytes + [0] : Data(bytes.reversed())).write(to: URL(fileURLWithPath: path))
            }
            let export = try ExportedFolder()
            let error = await storeError { _ = try await source.store.export(to: export.path, withObjects: true) }
            #expect(error?.code == (damage == "missing" ? .notFound : .objectDamaged))
            #expect(error?.artifactId == artifact.artifactId)
            #expect(error?.message.contains(artifact.artifactId.text) == true)
            #expect(try FileManager.default.contentsOfDirectory(atPath: export.parent.path).isEmpty)
            // Its record can be exported all the same.
            #expect(try await source.store.export(to: export.path).artifactCount == 5)
        }
    }

    @Test("A store without object storage exports no objects; bytes in another storage are a conflict")
    func otherStorage() async throws {
        let source = try await source()
        let export = try ExportedFolder()
        let bare = try await ArtifactStore.open(at: source.path)
        #expect(await storeError { _ = try await bare.export(to: export.path, withObjects: true) }?.code == .readOnly)
        let claim = try await source.claim()
        try await source.complete(claim)
        let error = await storeError { _ = try await source.store.export(to: export.path, withObjects: true) }
        #expect(error?.code == .conflict && error?.artifactId == claim.artifactId)
        #expect(try FileManager.default.contentsOfDirectory(atPath: export.parent.path).isEmpty)
    }

    @Test("An import into another bucket is a conflict, before anything is put")
    func otherBucket() async throws {
        let export = try await export(source())
        let folder = try TemporaryFolder()
        let images = try DirectoryObjectStorage(root: folder.path(of: "objects"), bucket: "images")
        let target = try await TemporaryStore.open(in: folder, objects: images)
        let error = await storeError { _ = try await target.store.importArtifacts(from: export.path) }
        #expect(error?.code == .conflict && error?.message.contains("directory:images") == true)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path(of: "objects")).isEmpty)
    }

    @Test("An export whose objects are not what was exported is refused, before anything is put")
    func tampered() async throws {
        let original = try await export(source())
        let object = try #require(try original.files().keys.sorted().first { $0.hasPrefix("objects/") })
        let bytes = try original.bytes(object)
        let lines = try original.lines("objects.ndjson")
        let edits: [(what: String, edit: (ExportedFolder) throws -> Void)] = [
            ("a missing object", { try FileManager.default.removeItem(atPath: $0.path(of: object)) }),
            ("a changed object", { try $0.write(bytes.dropLast() + [bytes[bytes.count - 1] ^ 1], to: object) }),
            ("a longer object", { try $0.write(bytes + [0], to: object) }),
            ("a stray object", { try $0.write(bytes, to: object + "0") }),
            ("a stray file", { try $0.write(bytes, to: "objects/notes.txt") }),
            (
                "a link",
                {
                    try FileManager.default.moveItem(atPath: $0.path(of: object), toPath: $0.parent.path(of: "moved"))
                    #expect(symlink($0.parent.path(of: "moved"), $0.path(of: object)) == 0)
                }
            ),
            (
                "another order",
                {
                    try $0.write(lines: lines.reversed(), to: "objects.ndjson")
                    try $0.rewriteManifest()
                }
            ),
            (
                "one line less",
                {
                    try $0.write(lines: Array(lines.dropLast()), to: "objects.ndjson")
                    try $0.rewriteManifest()
                }
            ),
            (
                "one line more",
                {
                    try $0.write(lines: lines + [lines[0]], to: "objects.ndjson")
                    try $0.rewriteManifest()
                }
            ),
            (
                "a path for a digest",
                {
                    let digest = try #require(try JSONParser.parse(lines[0])["sha256"]?.string)
                    let line = lines[0].replacing(digest, with: "../../../../etc/passwd")
                    try $0.write(lines: [line] + lines.dropFirst(), to: "objects.ndjson")
                    try $0.rewriteManifest()
                }
            ),
        ]
        for (what, edit) in edits {
            let export = try original.copy()
            try edit(export)
            let target = try await TemporaryStore.open()
            let error = await storeError { _ = try await target.store.importArtifacts(from: export.path) }
            #expect(
                error?.code == .invalidInput && error?.message.contains("object") == true, "\(what): \(error as Any)")
            #expect(try await target.store.statistics().counts.total == 0)
            #expect(try FileManager.default.contentsOfDirectory(atPath: target.folder.path(of: "objects")).isEmpty)
        }
    }

    @Test("Other bytes under a key are never replaced: the artifact is named and no row is written")
    func existing() async throws {
        let source = try await source()
        let export = try await export(source)
        let target = try await TemporaryStore.open()
        let other = SampleImage.png(shade: 9)
        let artifact = try #require(try await source.store.runDetail("run_1").artifacts.first)
        let key = try #require(artifact.storage?.reference.objectKey)
        let objects = try #require(target.store.objects)
        try await objects.put(other, at: key, sha256: SHA256Hex.of(other))
        let error = await storeError { _ = try await target.store.importArtifacts(from: export.path) }
        #expect(error?.code == .objectExists && error?.artifactId == artifact.artifactId)
        #expect(try await target.store.statistics().counts.total == 0)
        #expect(try await objects.get(key, expecting: ImageFacts()) == other)
    }

    @Test("When a put fails, no row is written, and importing again goes on", arguments: 1...4)
    func failing(call: Int) async throws {
        let source = try await source()
        let export = try await export(source)
        let folder = try TemporaryFolder()
        let faulty = FaultyObjectStorage(
            wrapping: try DirectoryObjectStorage(root: folder.path(of: "objects"), bucket: "renders"))
        faulty.fail(call: call, call % 2 == 0 ? .afterwards : .beforehand)
        let target = try await TemporaryStore.open(in: folder, objects: faulty)
        let error = await storeError { _ = try await target.store.importArtifacts(from: export.path) }
        #expect(error?.code == .objectStorage && error?.artifactId != nil)
        #expect(try await target.store.statistics().counts.total == 0)
        #expect(try await target.store.importArtifacts(from: export.path).importedCount == 5)
        #expect(try target.records() == source.records())
    }

    @Test("An export that changes between its verification and the transaction is refused, and no row is written")
    func changing() async throws {
        let source = try await source()
        let export = try await export(source)
        let target = try await TemporaryStore.open()
        let text = String(decoding: try export.bytes("artifacts.ndjson"), as: UTF8.self)
        let changed = text.replacing("\"rate limited\"", with: "\"rate limitss\"")
        #expect(changed != text)
        let error = await storeError {
            _ = try await target.store.importArtifacts(from: export.path) { progress in
                // The objects are put when everything was verified.
                if progress.phase == .importing { try? export.write(Array(changed.utf8), to: "artifacts.ndjson") }
            }
        }
        #expect(error?.code == .invalidInput && error?.message.contains("artifacts.ndjson has") == true)
        #expect(try await target.store.statistics().counts.total == 0)
    }

    @Test("A store without object storage takes the records alone, and says so")
    func recordsAlone() async throws {
        let source = try await source()
        let export = try await export(source)
        let folder = try TemporaryFolder()
        let bare = try await ArtifactStore.open(at: folder.path(of: "artifacts.sqlite"))
        let report = try await bare.importArtifacts(from: export.path)
        #expect(report.importedCount == 5 && report.objectCount == nil)
        try await bare.close()
    }
}
