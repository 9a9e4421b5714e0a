internal import Foundation

/// Everything that can be told of a folder from outside: names, bytes, times and modes.
package struct FolderState: Equatable, Sendable {
    private var files: [String: [String]]

    /// The same without the folder's own time, which changes when a file comes and goes.
    package var ofFiles: FolderState {
        var state = self
        state.files["."] = nil
        return state
    }

    /// The same without one file.
    package func without(_ name: String) -> FolderState {
        var state = self
        state.files[name] = nil
        return state
    }

    /// Looks at every file of a folder, and at the folder itself.
    package init(_ path: String) throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: path) + ["."]
        files = try names.reduce(into: [:]) { files, name in
            let file = "\(path)/\(name)"
            var status = stat()
            guard lstat(file, &status) == 0 else { return }
            let isFile = status.st_mode & S_IFMT == S_IFREG
            files[name] = [
                "\(status.st_mode) \(status.st_nlink) \(status.st_size)",
                "\(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)",
                isFile ? try Data(contentsOf: URL(fileURLWithPath: file)).base64EncodedString() : "",
            ]
        }
    }
}
