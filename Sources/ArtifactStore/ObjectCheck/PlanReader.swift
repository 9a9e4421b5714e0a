internal import Crypto
internal import Foundation

/// Reads a plan line by line, in bounded memory.
struct PlanReader {
    /// More than any line has: a key of 1,024 bytes or a cursor of a few thousand, each byte escaped.
    static let longestLine = 1 << 17

    private let file: OpenDescriptor
    private let calls: FileSystemCalls
    private var buffer: [UInt8] = []
    private var start = 0
    private var offset = 0
    private var hash = SHA256()
    /// Where the last line that was read ends.
    private(set) var end = 0

    /// Reads a file that is open.
    init(_ file: OpenDescriptor, _ calls: FileSystemCalls) {
        (self.file, self.calls) = (file, calls)
    }

    /// Opens a plan to be applied.
    ///
    /// - Throws: ``StoreError`` `notFound`, or `invalidInput` when it is no regular file.
    static func open(_ path: String, _ calls: FileSystemCalls) throws -> OpenDescriptor {
        let file: OpenDescriptor
        do {
            // Not blocking: opening a named pipe would otherwise wait for someone to write to it.
            file = try calls.open(path, in: nil, O_RDONLY | O_NONBLOCK)
        } catch {
            switch error.code {
            case ENOENT:
                throw StoreError(.notFound, "there is no plan at \(path)", hint: "Make one: artifacts doctor.")
            case ELOOP: throw StoreError.badPlan("is a symbolic link", hint: "Name the file itself.")
            default: throw error
            }
        }
        guard try calls.status(of: file).kind == .regular else { throw StoreError.badPlan("is no regular file") }
        return file
    }

    /// The next whole line; nil at the end, and before a line without its line feed.
    mutating func next() throws -> JSONValue? {
        var searched = start
        while true {
            if let index = buffer[searched...].firstIndex(of: LineReader.end) {
                let line = buffer[start..<index]
                let value: JSONValue
                do {
                    value = try JSONParser.parse(line)
                } catch {
                    throw StoreError.badPlan("has a line that is no JSON, behind its byte \(end)")
                }
                end += index + 1 - start
                hash.update(data: buffer[start...index])
                start = index + 1
                return value
            }
            guard buffer.count - start <= Self.longestLine else {
                throw StoreError.badPlan("has a line of more than \(Self.longestLine) bytes")
            }
            searched = buffer.count - start
            buffer.removeFirst(start)
            start = 0
            let chunk = try calls.readAll(1 << 16, from: file, at: offset)
            guard !chunk.isEmpty else { return nil }
            offset += chunk.count
            buffer.append(contentsOf: chunk)
        }
    }

    /// The digest of everything up to ``end``.
    var digest: SHA256 { hash }

    /// Whether the file ends where its last line does.
    var isAtEnd: Bool { end == offset }

    /// Reads a whole plan and holds it to its last line.
    ///
    /// - Throws: ``StoreError`` `invalidInput` when it is torn, was changed, or is no plan.
    static func check(_ file: OpenDescriptor, _ calls: FileSystemCalls) throws -> (PlanHeader, ObjectCheckCounts) {
        var reader = PlanReader(file, calls)
        guard let first = try reader.next() else { throw StoreError.badPlan("is not whole") }
        let header = try PlanHeader.parse(first)
        var counted = ObjectCheckCounts()
        var summary: ObjectCheckCounts?
        while true {
            let digest = SHA256Hex.text(reader.digest.finalize())
            guard let json = try reader.next() else {
                throw StoreError.badPlan("is not whole: its last line is missing")
            }
            switch try PlanLine.parse(json) {
            case .finding(let finding): counted.add(finding)
            case .checkpoint: break
            case .summary(let counts): summary = counts
            case .end(let recorded):
                guard recorded == digest else { throw StoreError.badPlan("was changed: its SHA-256 is \(digest)") }
                guard try reader.next() == nil, reader.isAtEnd else {
                    throw StoreError.badPlan("goes on behind its last line")
                }
                guard let summary, summary.findings == counted.findings, summary.actions == counted.actions else {
                    throw StoreError.badPlan("does not have the findings it counts")
                }
                return (header, summary)
            }
        }
    }
}
