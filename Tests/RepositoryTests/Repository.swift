import Foundation

/// The files of this repository, by their paths below its root.
enum Repository {
    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    struct File: CustomStringConvertible, Sendable {
        /// Below the root, such as `Sources/ArtifactStore/ArtifactStore.swift`.
        let path: String
        let lines: [Substring]

        var description: String { path }
        var folders: [String] { path.split(separator: "/").dropLast().map(String.init) }

        /// `path:line`, counted from 1.
        func place(_ index: Int) -> String { "\(path):\(index + 1)" }
    }

    static func url(_ path: String) -> URL { root.appendingPathComponent(path) }

    static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: url(path).path) }

    static func text(_ path: String) throws -> String { try String(contentsOf: url(path), encoding: .utf8) }

    /// The names in a folder that end so, sorted by bytes as `cat *` does.
    static func names(in folder: String, ending end: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: url(folder).path).filter { $0.hasSuffix(end) }.sorted()
    }

    /// The paths of all files below a folder, hidden ones left out.
    static func paths(below folder: String) -> [String] {
        var paths: [String] = []
        let enumerator = FileManager.default.enumerator(atPath: url(folder).path)
        while let name = enumerator?.nextObject() as? String {
            if !name.split(separator: "/").contains(where: { $0.hasPrefix(".") }) { paths.append("\(folder)/\(name)") }
        }
        return paths
    }

    /// Every file below the folders whose name ends so. Fails when there is none: a rule over nothing holds nothing.
    static func files(below folders: String..., ending end: String) throws -> [File] {
        struct Nothing: Error { let folder: String }
        return try folders.flatMap { folder in
            let paths = paths(below: folder).filter { $0.hasSuffix(end) }.sorted()
            guard !paths.isEmpty else { throw Nothing(folder: folder) }
            return try paths.map(file)
        }
    }

    static func file(_ path: String) throws -> File {
        File(path: path, lines: try text(path).split(separator: "\n", omittingEmptySubsequences: false))
    }

    /// The rows of a Markdown table below the heading cells given, each as its cells without backticks.
    static func table(_ path: String, headings: [String]) throws -> [[String]] {
        struct Missing: Error { let path: String, headings: [String] }
        func cells(_ line: Substring) -> [String] {
            line.split(separator: "|", omittingEmptySubsequences: false).dropFirst().dropLast().map {
                $0.filter { $0 != "`" }.trimmingCharacters(in: .whitespaces)
            }
        }
        let lines = try text(path).split(separator: "\n", omittingEmptySubsequences: false)
        guard let start = lines.firstIndex(where: { cells($0) == headings }) else {
            throw Missing(path: path, headings: headings)
        }
        return lines[(start + 2)...].prefix { $0.hasPrefix("|") }.map(cells)
    }
}
