internal import Foundation

/// Calls repeated until everything is done: one of them may do less than it was asked for.
extension FileSystemCalls {
    /// Writes all bytes.
    ///
    /// - Throws: ``SystemCallFailure``; `EIO` when the file system takes no more bytes without saying why.
    func writeAll(_ bytes: [UInt8], to file: OpenDescriptor, at offset: Int) throws(SystemCallFailure) {
        var written = 0
        while written < bytes.count {
            let end = min(written + chunkLength, bytes.count)
            let result = bytes.withUnsafeBytes { buffer in
                Result { () throws(SystemCallFailure) in
                    try write(UnsafeRawBufferPointer(rebasing: buffer[written..<end]), to: file, at: offset + written)
                }
            }
            let count = try result.get()
            guard count > 0 else { throw SystemCallFailure(name: .write, target: file.name, code: EIO) }
            written += count
        }
    }

    /// At most `count` bytes; fewer only where the file ends.
    func readAll(_ count: Int, from file: OpenDescriptor, at offset: Int) throws(SystemCallFailure) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var filled = 0
        while filled < count {
            let result = bytes.withUnsafeMutableBytes { buffer in
                Result { () throws(SystemCallFailure) in
                    try read(
                        UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]), from: file, at: offset + filled)
                }
            }
            let more = try result.get()
            guard more > 0 else { break }
            filled += more
        }
        bytes.removeLast(count - filled)
        return bytes
    }

    /// A path beside another one that nothing has. Its 64 random bits make it so for every process, also where two
    /// containers count the same process numbers and share a volume.
    func draftPath(beside path: String) -> String {
        let number = String(randomBits(), radix: 16)
        return path + ".new-" + String(repeating: "0", count: 16 - number.count) + number
    }

    /// Removes an empty folder.
    func removeFolder(_ name: String, from folder: OpenDescriptor?) throws(SystemCallFailure) {
        try remove(name, from: folder, flags: AT_REMOVEDIR)
    }
}
