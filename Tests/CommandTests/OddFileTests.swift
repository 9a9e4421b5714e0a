import ArtifactStoreTesting
import Foundation
import Testing

@Suite("Odd files")
struct OddFileTests {
    private static let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent()
        .appendingPathComponent("ArtifactStoreTests/Fixtures")

    /// What a script may use besides the usual programs.
    private static let tools = """
        set -eu
        sql() { sqlite3 -bail "$DB" "$1" > /dev/null; }
        cut() { head -c "$1" "$DB" > "$DB.cut"; mv "$DB.cut" "$DB"; }
        poke() { printf "$2" | dd of="$DB" bs=1 seek="$1" conv=notrunc status=none; }

        """

    @Test(
        "are refused with their exit code and reason, and neither they nor their folder change", arguments: OddFile.all)
    func refused(odd: OddFile) async throws {
        let folder = try TemporaryFolder()
        let elsewhere = try TemporaryFolder()
        let database = folder.path(of: "a.sqlite")
        let frozen = Self.fixtures.appendingPathComponent("version-\(odd.version).sqlite")
        try FileManager.default.copyItem(at: frozen, to: URL(fileURLWithPath: database))
        let environment = [
            "DB": "a.sqlite", "EXAMPLE": StoreFolder.examples.appendingPathComponent("images/lighthouse-dusk.png").path,
        ]
        let made = try await Command.shell(Self.tools + odd.script, environment: environment, in: folder.path)
        try #require(made.status == 0, "\(made.errors)")
        let before = try FolderState(folder.path)
        for command in odd.commands {
            let arguments = command.map { $0 == "BACKUP" ? elsewhere.path(of: "backup.sqlite") : $0 }
            let result = try await Command.run(arguments + ["--database", database])
            #expect(result.status == odd.code, "\(command): \(result.errors)")
            #expect(result.errors.contains(odd.reason), "\(command): \(result.errors)")
            #expect(result.errors.wholeMatch(of: /error: .+\nhint: .+\n/) != nil, "\(command): \(result.errors)")
            #expect(result.bytes.isEmpty, "\(command)")
            #expect(try FolderState(folder.path) == before, "\(command) left a trace")
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: elsewhere.path).isEmpty)
    }

    @Test("are at least sixty, and every one of another kind")
    func count() {
        #expect(OddFile.all.count >= 60)
        #expect(Set(OddFile.all.map(\.script)).count == OddFile.all.count)
        print("\(OddFile.all.count) odd files, \(OddFile.all.map(\.commands.count).reduce(0, +)) commands on them")
    }
}
