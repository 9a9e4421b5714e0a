import RegexBuilder
import Testing

@Suite("Who may import whom, and where SQL stands")
struct LayerTests {
    private struct Import {
        let place: String
        let module: String
        let isPublic: Bool
    }

    private func imports(_ file: Repository.File) -> [Import] {
        let attributes = /\s*(?:@\w+(?:\([^)]*\))?\s+)*/
        let access = /(?:(public|package|internal|fileprivate|private)\s+)?/
        let kind = /(?:(?:struct|class|enum|protocol|func|var|let|typealias|actor)\s+)?/
        let pattern = Regex {
            attributes
            access
            /import\s+/
            kind
            /(\w+).*/
        }
        return file.lines.enumerated().compactMap { index, line in
            guard line.contains("import "), let match = line.wholeMatch(of: pattern) else { return nil }
            return Import(
                place: file.place(index), module: String(match.output.2), isPublic: match.output.1 == "public")
        }
    }

    /// The folder of each module, for the rows of the layer table.
    private func folder(of module: String) -> String {
        module == "ArtifactSchema" ? "migrations" : "Sources/\(module)"
    }

    /// The layer table as Docs/ARCHITECTURE.md has it: it is the rule, and this suite its guard.
    private func layers() throws -> [(module: String, allowed: Set<String>)] {
        try Repository.table("Docs/ARCHITECTURE.md", headings: ["module", "may import", "never"]).map { row in
            (row[0], Set(row[1].split(separator: ", ").map(String.init)).subtracting(["nothing"]))
        }
    }

    @Test("Every import obeys the layer table of Docs/ARCHITECTURE.md")
    func table() throws {
        var count = 0
        for layer in try layers() {
            let imports = try Repository.files(below: folder(of: layer.module), ending: ".swift").flatMap(imports)
            for found in imports {
                #expect(layer.allowed.contains(found.module), "\(found.place) imports \(found.module)")
            }
            let unused = layer.allowed.subtracting(imports.map(\.module))
            #expect(unused.isEmpty, "the table permits \(layer.module) more than it needs")
            count += imports.count
        }
        #expect(count > 80, "the pattern for import lines finds too few")
    }

    private func mayTouchSQL(_ file: Repository.File) -> Bool {
        ["Database", "Repository"].map { "Sources/ArtifactStore/\($0)/" }.contains(where: file.path.hasPrefix)
    }

    @Test("Every module has its row in the layer table")
    func complete() throws {
        let modules = Set(try Repository.files(below: "Sources", ending: ".swift").map { $0.folders[1] })
        #expect(Set(try layers().map(\.module)) == modules.union(["ArtifactSchema"]))
    }

    @Test("GRDB stays out of public signatures, and out of everything but Database and Repository")
    func grdb() throws {
        for file in try Repository.files(below: "Sources", ending: ".swift") {
            for found in imports(file) where found.module.hasPrefix("GRDB") {
                #expect(!found.isPublic, "\(found.place)")
                #expect(mayTouchSQL(file), "\(found.place)")
            }
        }
    }

    @Test("SQL stands in Repository and Database only")
    func sql() throws {
        let words = ["SELECT", "INSERT", "UPDATE", "DELETE", "PRAGMA", "CREATE"]
        let statement =
            /\b(SELECT\b|INSERT\s+(OR \w+ )?INTO\b|UPDATE\s+\w+\s+SET\b|DELETE\s+FROM\b|PRAGMA\b|CREATE\s+(TABLE|INDEX|TRIGGER)\b)/
        var places = 0
        for file in try Repository.files(below: "Sources", ending: ".swift") {
            for (index, line) in file.lines.enumerated() where words.contains(where: line.contains) {
                guard line.firstMatch(of: statement) != nil else { continue }
                places += 1
                #expect(mayTouchSQL(file), "\(file.place(index))")
            }
        }
        #expect(places > 30, "the pattern for SQL finds too little")
    }
}
