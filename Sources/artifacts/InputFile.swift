internal import ArtifactStore
internal import Foundation

/// Files that commands read.
enum InputFile {
    /// Answers with several large images in base64 stay below this.
    private static let largestBytes = 256 * 1024 * 1024

    /// The JSON in a file.
    ///
    /// - Throws: ``StoreError`` `invalidInput` when the file is missing, too large, or no JSON.
    static func json(_ path: String, _ what: String) throws(StoreError) -> JSONValue {
        let bytes: Data
        do {
            let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
            guard size <= largestBytes else {
                throw StoreError(
                    .invalidInput, "the \(what) file \(path) has \(size) bytes",
                    hint: "At most \(largestBytes) are read.")
            }
            bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        } catch let error as StoreError {
            throw error
        } catch {
            throw StoreError(
                .invalidInput, "the \(what) file \(path) cannot be read", hint: "Check its name and permissions.")
        }
        do {
            return try JSONParser.parse(bytes)
        } catch {
            throw StoreError(.invalidInput, "the \(what) file \(path) is no JSON: \(error)", hint: "Mend the file.")
        }
    }
}
