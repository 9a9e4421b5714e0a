internal import Foundation

/// A path from the root on. What is printed or kept of it works in another folder, too.
package enum AbsolutePath {
    /// The path, with the working directory before it where it is relative. Nothing of it is resolved: a `..` behind a
    /// symbolic link leads elsewhere than its spelling says.
    package static func of(_ path: String) -> String {
        path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
    }
}
