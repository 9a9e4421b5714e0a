import ArtifactStoreTesting
import Foundation
import Testing

@testable import ArtifactStore

@Suite("Importing what is not what was exported")
struct TamperedExportTests {
    private static let names = ["manifest.json", "artifacts.ndjson", "events.ndjson"]

    /// The error with which an export is refused, after looking that nothing was written.
    private func refused(
        _ export: ExportedFolder, _ target: TemporaryStore, _ before: [String: TableContents], _ what: String
    ) async throws -> StoreError? {
        let error = await storeError { _ = try await target.store.importArtifacts(from: export.path) }
        #expect(error != nil, "\(what) was imported")
        #expect(try target.everything() == before, "\(what) was written")
        return error
    }

    @Test("A flipped bit anywhere in any file is refused, and the error names the file", arguments: names)
    func flipped(name: String) async throws {
        let export = try await ExchangeFixture.smallExport()
        let target = try await TemporaryStore.open()
        let before = try target.everything()
        let original = try export.bytes(name)
        var random = SeededGenerator(seed: 11)
        let positions =
            original.count < 600
            ? Array(original.indices)
            : (0..<150).map { _ in
                Int.random(in: original.indices, using: &random)
            }
        for position in positions {
            var bytes = original
            bytes[position] ^= 1 << UInt8.random(in: 0...7, using: &random)
            try export.write(bytes, to: name)
            let error = try await refused(export, target, before, "\(name), byte \(position)")
            #expect(error?.code == .invalidInput || error?.code == .storeTooNew)
            // The walk begins with events, which are read together with the artifacts they tell of.
            #expect(Self.names.contains { error?.message.hasPrefix($0) == true } || error?.code == .storeTooNew)
        }
    }

    @Test("A line that is missing, doubled or moved is refused, also when the manifest agrees with it")
    func lines() async throws {
        let original = try await ExchangeFixture.smallExport()
        let target = try await TemporaryStore.open()
        let before = try target.everything()
        for name in Self.names.dropFirst() {
            let lines = try original.lines(name)
            for index in lines.indices {
                var edits: [(what: String, lines: [String])] = []
                edits.append(("without line \(index)", Array(lines[..<index] + lines[(index + 1)...])))
                edits.append(("line \(index) twice", Array(lines[...index] + lines[index...])))
                if index > 0 {
                    var moved = lines
                    moved.swapAt(index - 1, index)
                    // Events of two artifacts may have happened in either order, unless both were created.
                    let created = [lines[index - 1], lines[index]].map { $0.contains("\"kind\":\"created\"") }
                    let ids = try [lines[index - 1], lines[index]].map { try JSONParser.parse($0)["artifactId"] }
                    if name == "artifacts.ndjson" || created == [true, true] || ids[0] == ids[1] {
                        edits.append(("lines \(index - 1) and \(index) changed over", moved))
                    }
                }
                for edit in edits {
                    for agrees in [false, true] {
                        let export = try original.copy()
                        try export.write(lines: edit.lines, to: name)
                        if agrees { try export.rewriteManifest() }
                        let error = try await refused(export, target, before, "\(name) \(edit.what), \(agrees)")
                        #expect(error?.code == .invalidInput, "\(name) \(edit.what): \(String(describing: error))")
                    }
                }
            }
        }
    }

    @Test("Files that are missing, foreign, cut, swapped, links, folders or pipes are refused by name")
    func files() async throws {
        let original = try await ExchangeFixture.smallExport()
        let target = try await TemporaryStore.open()
        let before = try target.everything()
        for name in Self.names {
            let edits: [(what: String, edit: (ExportedFolder) throws -> Void)] = [
                ("missing", { try FileManager.default.removeItem(atPath: $0.path(of: name)) }),
                ("cut", { try $0.write(try $0.bytes(name).dropLast(), to: name) }),
                ("longer", { try $0.write(try $0.bytes(name) + [0x20], to: name) }),
                ("empty", { try $0.write([], to: name) }),
                (
                    "a link",
                    {
                        try FileManager.default.moveItem(atPath: $0.path(of: name), toPath: $0.parent.path(of: name))
                        #expect(symlink("../\(name)", $0.path(of: name)) == 0)
                    }
                ),
                (
                    "a folder",
                    {
                        try FileManager.default.removeItem(atPath: $0.path(of: name))
                        #expect(mkdir($0.path(of: name), 0o700) == 0)
                    }
                ),
                (
                    "a pipe",
                    {
                        try FileManager.default.removeItem(atPath: $0.path(of: name))
                        #expect(mkfifo($0.path(of: name), 0o600) == 0)
                    }
                ),
                (
                    "its neighbour",
                    { export in
                        let other = Self.names[(Self.names.firstIndex(of: name) ?? 0) % 2 + 1]
                        try export.write(try export.bytes(name == other ? "manifest.json" : other), to: name)
                    }
                ),
            ]
            for (what, edit) in edits {
                let export = try original.copy()
                try edit(export)
                let error = try await refused(export, target, before, "\(name), \(what)")
                #expect(error?.code == .invalidInput && error?.message.hasPrefix(name) == true, "\(what): \(error!)")
            }
        }
        for stray in ["notes.txt", ".hidden", "objects", "objects.ndjson"] {
            let export = try original.copy()
            try export.write([0x41], to: stray)
            #expect(try await refused(export, target, before, stray)?.message.hasPrefix(stray) == true)
        }
        let link = try ExportedFolder()
        #expect(symlink(original.path, link.path) == 0)
        #expect(try await refused(link, target, before, "a link to an export")?.code == .invalidInput)
    }

    @Test("A manifest that leads elsewhere is refused, and nothing elsewhere is opened")
    func manifest() async throws {
        let original = try await ExchangeFixture.smallExport()
        let target = try await TemporaryStore.open()
        let before = try target.everything()
        let manifest = try JSONParser.parse(try original.bytes("manifest.json"))
        let text = String(decoding: try original.bytes("manifest.json"), as: UTF8.self)
        let edits = [
            text.replacing("\"artifacts.ndjson\"", with: "\"../artifacts.ndjson\""),
            text.replacing("\"artifacts.ndjson\"", with: "\"/etc/passwd\""),
            text.replacing("artifact-store-export", with: "another-export"),
            text.replacing("\"version\": 1", with: "\"version\": 0"),
            text.replacing("\"version\": 1", with: "\"version\": \"1\""),
            text.replacing("{\n", with: "{\n  \"more\": 1,\n"), text.replacing("\n", with: ""), "{}", "[]", "",
            manifest.compactText, String(repeating: " ", count: 100_000) + text,
        ]
        for edit in edits {
            let export = try original.copy()
            try export.write(Array(edit.utf8), to: "manifest.json")
            let error = try await refused(export, target, before, edit)
            #expect(error?.code == .invalidInput && error?.message.hasPrefix("manifest.json") == true, "\(edit)")
        }
    }
}
