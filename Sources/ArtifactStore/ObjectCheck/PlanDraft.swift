internal import Crypto
internal import Foundation

/// A plan that is written beside the name it will have, and gone on with when whoever wrote it was interrupted.
///
/// A value, so that each step can be made on a thread that may wait for the disk: the newest one is the draft.
struct PlanDraft: Sendable {
    /// The suffix is fixed: the next comparison for the same plan finds it.
    static let suffix = ".unfinished"

    let header: PlanHeader
    let wasResumed: Bool
    private let target: StorePath
    private let file: OpenDescriptor
    private let calls: FileSystemCalls
    private var hash: SHA256
    private var position: Int

    /// Begins a plan, or goes on behind the last checkpoint of one that was interrupted: the same comparison, begun not
    /// too long ago. Any other draft is begun anew.
    ///
    /// - Throws: ``StoreError`` `conflict` when something else than a plan has the name, `busy` while another process
    ///   writes this draft, `database` when it cannot be written.
    static func open(
        _ target: StorePath, _ fresh: PlanHeader, _ calls: FileSystemCalls
    ) throws -> (draft: PlanDraft, checkpoint: PlanCheckpoint) {
        try StoreError.naming("write the plan \(target.text)", as: .database) {
            try refuseOther(target, calls)
            let path = target.text + suffix
            let file = try calls.open(path, in: nil, O_RDWR | O_CREAT | O_NONBLOCK)
            guard try calls.status(of: file).kind == .regular else {
                throw StoreError(.conflict, "\(path) is no regular file", hint: "Remove it, or name another plan.")
            }
            guard flock(file.number, LOCK_EX | LOCK_NB) == 0,
                try calls.status(of: path, in: nil).identity == calls.status(of: file).identity
            else {
                throw StoreError(
                    .busy, "another process is making the plan \(target.text)",
                    hint: "Wait for it, or name another plan.")
            }
            try calls.setMode(0o600, of: file)
            if let found = try? lastCheckpoint(of: file, continuing: fresh, calls) {
                try calls.truncate(file, to: found.end)
                let draft = PlanDraft(
                    header: found.header, wasResumed: true, target: target, file: file, calls: calls,
                    hash: found.digest, position: found.end)
                return (draft, found.checkpoint)
            }
            guard try isDraft(file, calls) else {
                throw StoreError(
                    .conflict, "\(path) is there, and is no draft of a plan", hint: "Name another plan: --plan FILE.")
            }
            try calls.truncate(file, to: 0)
            var draft = PlanDraft(
                header: fresh, wasResumed: false, target: target, file: file, calls: calls, hash: SHA256(),
                position: 0)
            let start = PlanCheckpoint()
            try draft.append([fresh.json, PlanLine.checkpoint(start).json])
            return (draft, start)
        }
    }

    /// Whether a file is empty, or begins as a plan does, as far as power let it come: zeros are blocks that never reached
    /// the disk.
    private static func isDraft(_ file: OpenDescriptor, _ calls: FileSystemCalls) throws -> Bool {
        let beginning = Array("{\"format\":\"\(PlanHeader.format)\"".utf8)
        let found = try calls.readAll(beginning.count, from: file, at: 0)
        let same = zip(found, beginning).prefix { $0 == $1 }.count
        return found[same...].allSatisfy { $0 == 0 }
    }

    /// A plan may take another plan's place, and nothing else's.
    private static func refuseOther(_ target: StorePath, _ calls: FileSystemCalls) throws {
        guard try target.isTaken() else { return }
        do {
            var reader = PlanReader(try PlanReader.open(target.text, calls), calls)
            if let first = try reader.next(), first["format"]?.string == PlanHeader.format { return }
        } catch is StoreError {
            // It is no plan: said below.
        }
        throw StoreError(
            .conflict, "\(target.text) is there, and is no plan", hint: "Name another file: --plan FILE.")
    }

    private typealias Found = (header: PlanHeader, checkpoint: PlanCheckpoint, digest: SHA256, end: Int)

    /// Nil where there is nothing to go on with.
    private static func lastCheckpoint(
        of file: OpenDescriptor, continuing fresh: PlanHeader, _ calls: FileSystemCalls
    ) throws -> Found? {
        var reader = PlanReader(file, calls)
        guard let first = try reader.next() else { return nil }
        let header = try PlanHeader.parse(first)
        guard header.continues(fresh), header.mayBeResumed(at: fresh.createdAt) else { return nil }
        var found: Found?
        // What was being written when power failed may be anything.
        while let line = (try? reader.next()).flatMap({ try? PlanLine.parse($0) }) {
            if case .checkpoint(let checkpoint) = line { found = (header, checkpoint, reader.digest, reader.end) }
        }
        return found
    }

    /// Writes lines, durably: the last of them is a place to go on from.
    private mutating func append(_ lines: [JSONValue]) throws {
        var bytes: [UInt8] = []
        for line in lines {
            bytes.append(contentsOf: line.compactText.utf8)
            bytes.append(LineReader.end)
        }
        try calls.writeAll(bytes, to: file, at: position)
        try calls.sync(file)
        hash.update(data: bytes)
        position += bytes.count
    }

    /// The draft with what one page led to, and how far that is.
    func appending(_ findings: [ObjectFinding], _ checkpoint: PlanCheckpoint) throws -> PlanDraft {
        var draft = self
        try StoreError.naming("write the plan \(target.text)", as: .database) {
            try draft.append(findings.map { PlanLine.finding($0).json } + [PlanLine.checkpoint(checkpoint).json])
        }
        return draft
    }

    /// Lets others write this draft, also while a thread that wrote it has not let go of the file yet.
    func release() {
        flock(file.number, LOCK_UN)
    }

    /// Writes the last lines, and gives the draft its name.
    func publish(_ counts: ObjectCheckCounts) throws {
        var draft = self
        try StoreError.naming("write the plan \(target.text)", as: .database) {
            try draft.append([PlanLine.summary(counts).json])
            try draft.append([PlanLine.end(sha256: SHA256Hex.text(draft.hash.finalize())).json])
            let folder = try FileLock(folder: target.folder)
            try folder.whileHeld(timeout: .seconds(5)) {
                try Self.refuseOther(target, calls)
                let parent = try calls.open("\(target.folder)/.", in: nil, O_RDONLY | O_DIRECTORY)
                try calls.rename(target.text + Self.suffix, to: target.text)
                try calls.sync(parent)
            }
        }
    }
}
