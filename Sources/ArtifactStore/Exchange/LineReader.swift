internal import Crypto

/// Reads one file of lines, one line at a time, and holds it to its entry in the manifest.
struct LineReader {
    static let end = UInt8(ascii: "\n")
    /// More than any artifact takes: 64 parts of a prompt, each character of which takes six in JSON.
    static let longestLine = 64 << 20

    struct Line {
        /// Counted from 1.
        let number: Int64
        /// Where it begins in the file.
        let offset: Int
        /// Without the line feed.
        let bytes: [UInt8]
    }

    let entry: ExportManifest.File
    private let file: OpenDescriptor
    private let calls: FileSystemCalls
    private var hash = SHA256()
    private var buffer: [UInt8] = []
    /// Where the next line begins in the buffer.
    private var start = 0
    /// Where the buffer ends in the file.
    private var position = 0
    private var count: Int64 = 0

    init(_ entry: ExportManifest.File, _ file: OpenDescriptor, _ calls: FileSystemCalls) {
        (self.entry, self.file, self.calls) = (entry, file, calls)
    }

    /// The next line; nil behind the last one, after size and digest of the whole file were compared.
    ///
    /// - Throws: ``StoreError`` `invalidInput` naming the line.
    mutating func next() throws -> Line? {
        var searched = start
        while true {
            if let index = buffer[searched...].firstIndex(of: Self.end) {
                defer { start = index + 1 }
                count += 1
                return Line(
                    number: count, offset: position - buffer.count + start, bytes: Array(buffer[start..<index]))
            }
            guard buffer.count - start <= Self.longestLine else {
                throw StoreError.badExport(
                    entry.name, line: count + 1, "is longer than \(Self.longestLine) bytes")
            }
            searched = buffer.count - start
            buffer.removeFirst(start)
            start = 0
            let chunk = try calls.readAll(calls.chunkLength, from: file, at: position)
            guard !chunk.isEmpty else {
                try finish()
                return nil
            }
            hash.update(data: chunk)
            position += chunk.count
            buffer.append(contentsOf: chunk)
        }
    }

    /// A line that was read before.
    func line(at offset: Int, byteCount: Int) throws -> [UInt8] {
        try calls.readAll(byteCount, from: file, at: offset)
    }

    private func finish() throws {
        guard buffer.isEmpty else {
            throw StoreError.badExport(entry.name, line: count + 1, "has no line feed at its end")
        }
        guard position == entry.byteCount else {
            throw StoreError.badExport(entry.name, "has \(position) bytes, not \(entry.byteCount)")
        }
        guard count == entry.count else {
            throw StoreError.badExport(entry.name, "has \(count) lines, not \(entry.count)")
        }
        let digest = SHA256Hex.text(hash.finalize())
        guard digest == entry.sha256 else {
            throw StoreError.badExport(entry.name, "has the SHA-256 \(digest), not \(entry.sha256)")
        }
    }
}

extension LineReader {
    /// The value of a line that is spelled as an export spells it.
    ///
    /// - Parameters:
    ///   - parse: Reads it.
    ///   - text: Spells what was read. The line must be the same bytes: what is exported later is then the same line,
    ///     and nothing hides in what a parser passes over.
    /// - Throws: ``StoreError`` `invalidInput` naming the line.
    func value<Value>(
        of line: [UInt8], number: Int64, parse: (JSONValue) throws -> Value, text: (Value) -> String
    ) throws -> Value {
        do {
            let value = try parse(JSONParser.parse(line))
            let spelled = Array(text(value).utf8)
            guard spelled == line else {
                let offset = zip(spelled, line).prefix { $0 == $1 }.count
                throw StoreError.badExport(
                    entry.name, line: number, "is not spelled as an export spells it, from its byte \(offset) on")
            }
            return value
        } catch let failure as JSONParser.Failure {
            throw StoreError.badExport(entry.name, line: number, "is no JSON: \(failure)")
        } catch let error as StoreError where error.code == .invalidInput && !error.message.hasPrefix(entry.name) {
            throw StoreError.badExport(entry.name, line: number, "is refused: \(error.message)")
        }
    }
}
