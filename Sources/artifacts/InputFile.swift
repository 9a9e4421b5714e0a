internal import ArtifactStore
internal import Foundation

/// Files that commands read.
enum InputFile {
    /// Answers with several large images in base64 stay below this.
    private static let largestBytes = 256 * 1024 * 1024

    /// The JSON in a file, a pipe, or (`-`) standard input.
    ///
    /// - Throws: ``StoreError`` `invalidInput` when the file is missing, too large, or no JSON.
    static func json(_ path: String, _ what: String) throws(StoreError) -> JSONValue {
        let bytes = try bytes(path, what)
        do {
            return try JSONParser.parse(bytes)
        } catch {
            throw StoreError(
                .invalidInput, "the \(what) file \(name(path)) is no JSON: \(error)", hint: "Mend the file.")
        }
    }

    private static func name(_ path: String) -> String {
        path == "-" ? "standard input" : path
    }

    /// The bytes of a file, a pipe, or (`-`) standard input.
    ///
    /// - Throws: ``StoreError`` `invalidInput` when the file is missing or too large.
    static func bytes(_ path: String, _ what: String) throws(StoreError) -> [UInt8] {
        let bytes: Data
        do {
            let file = try path == "-" ? .standardInput : FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            bytes = try file.read(upToCount: largestBytes + 1) ?? Data()
        } catch {
            throw StoreError(
                .invalidInput, "the \(what) file \(name(path)) cannot be read", hint: "Check its name and permissions.")
        }
        guard bytes.count <= largestBytes else {
            throw StoreError(
                .invalidInput, "the \(what) file \(name(path)) is too large",
                hint: "At most \(largestBytes) bytes are read.")
        }
        return Array(bytes)
    }
}
