internal import Foundation

/// A folder of its own for one test, removed with everything in it when the last reference goes.
public final class TemporaryFolder: Sendable {
    /// The folder's absolute path, without a slash at its end.
    public let path: String

    /// Makes an empty folder below the system's temporary folder, for its owner alone.
    ///
    /// - Throws: Whatever `FileManager` throws when the folder cannot be made.
    public init() throws {
        let name = "artifact-store-\(UUID().uuidString)"
        path = FileManager.default.temporaryDirectory.appendingPathComponent(name).path
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    }

    deinit {
        // A test that took its own permissions away leaves the folder behind; that is no reason to fail it.
        try? FileManager.default.removeItem(atPath: path)
    }

    /// The path of something in the folder.
    public func path(of name: String) -> String {
        "\(path)/\(name)"
    }
}
