internal import Crypto
internal import Foundation

/// Writes one file of lines, and takes its size and digest on the way.
struct LineWriter {
    private let file: OpenDescriptor
    private let calls: FileSystemCalls
    private var buffer: [UInt8] = []
    private var byteCount = 0
    private var hash = SHA256()
    private(set) var count: Int64 = 0

    /// Makes the file, for its owner alone.
    init(_ name: String, in folder: OpenDescriptor, _ calls: FileSystemCalls) throws {
        self.calls = calls
        file = try calls.open(name, in: folder, O_WRONLY | O_CREAT | O_EXCL)
        try calls.setMode(0o600, of: file)
    }

    mutating func append(_ line: String) throws {
        buffer.append(contentsOf: line.utf8)
        buffer.append(LineReader.end)
        count += 1
        if buffer.count >= calls.chunkLength { try flush() }
    }

    /// Writes and syncs the rest.
    mutating func finish() throws -> ExportManifest.File {
        try flush()
        try calls.sync(file)
        return ExportManifest.File(
            name: file.name, count: count, byteCount: Int64(byteCount), sha256: SHA256Hex.text(hash.finalize()))
    }

    private mutating func flush() throws {
        try calls.writeAll(buffer, to: file, at: byteCount)
        hash.update(data: buffer)
        byteCount += buffer.count
        buffer.removeAll(keepingCapacity: true)
    }
}
