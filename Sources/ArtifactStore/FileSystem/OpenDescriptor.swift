internal import Foundation

/// An open file or folder; closed when the last reference goes.
final class OpenDescriptor: Sendable {
    let number: Int32
    /// The name it was opened by, for messages.
    let name: String

    init(_ number: Int32, name: String) {
        self.number = number
        self.name = name
    }

    deinit {
        // What must survive was synced before: an error of close tells nothing that could still be acted upon.
        close(number)
    }
}
