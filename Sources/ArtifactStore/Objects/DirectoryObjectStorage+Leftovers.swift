internal import Foundation

extension DirectoryObjectStorage {
    /// Removes what crashed writers left in `<root>/.incoming`: bytes that never got a key, or got it and kept their
    /// temporary name as well. Until then they take space, and outlive the deletion of their object.
    ///
    /// - Parameter moment: Only files last written before this are removed. Choose it longer ago than any `put` takes,
    ///   such as a day: a writer whose file is removed fails with `objectStorage`.
    /// - Returns: How many files were removed.
    /// - Throws: ``StoreError`` with code `objectStorage`, or `CancellationError`.
    public func removeLeftovers(before moment: Timestamp) async throws -> Int {
        try await BlockingWork.run {
            try StoreError.naming("remove leftovers") {
                guard let incoming = try walk.openExisting([Self.incomingFolder]) else { return 0 }
                var count = 0
                for name in try calls.list(incoming) {
                    let status: FileStatus
                    do {
                        status = try calls.status(of: name, in: incoming)
                    } catch let failure as SystemCallFailure where failure.code == ENOENT {
                        // Its writer has just finished.
                        continue
                    }
                    guard status.kind == .regular, status.modifiedAt < moment else { continue }
                    try calls.remove(name, from: incoming)
                    count += 1
                }
                return count
            }
        }
    }
}
