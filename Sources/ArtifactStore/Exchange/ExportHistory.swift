internal import Crypto

/// Walks through an export event by event, and checks that the events tell how each artifact came to what its line
/// says.
///
/// Only artifacts that are pending at that moment of the history are kept in memory, and 16 bytes of each other one.
struct ExportHistory {
    /// What happened.
    enum Step {
        case created(ArtifactLine)
        /// With the end of the claim that was made, as far as the export knows it: of the last claim only.
        case takenOver(expiresAt: Timestamp)
        /// Reads the line again, which says how the artifact ended.
        case finished(line: () throws -> ArtifactLine)
    }

    /// An artifact that is pending at this moment of the history.
    private struct Pending {
        let number: Int64
        let offset: Int
        let byteCount: Int
        let parentRunId: String
        let lastClaim: ClaimRecord
        let claimedAt: Timestamp
        let status: ArtifactStatus
        let completedAt: Timestamp?
        let failureType: ArtifactFailure.FailureType?
        var fencingToken: Int64 = 1
    }

    private var artifacts: LineReader
    private var events: LineReader
    private var pending: [ArtifactID: Pending] = [:]
    /// The beginnings of digests of all ids so far: an id names one artifact for ever.
    private var seen: Set<UInt128> = []

    init(_ folder: ExportFolder) throws {
        artifacts = try folder.lines(folder.manifest.artifacts)
        events = try folder.lines(folder.manifest.events)
    }

    /// Hands on every event in order, once it and the line of its artifact were checked. Sizes and digests of the files
    /// are compared when their ends are reached.
    ///
    /// - Throws: ``StoreError`` `invalidInput` naming file and line; what `visit` throws, with its line where it is
    ///   `invalidInput`.
    mutating func walk(_ visit: (ArtifactEvent, Step) throws -> Void) throws {
        while let line = try events.next() {
            let event = try events.value(of: line.bytes, number: line.number) {
                try ArtifactEvent.parse(line: $0)
            } text: {
                $0.lineText
            }
            do {
                try visit(event, step(event))
            } catch var error as StoreError where error.code == .invalidInput && !isPlaced(error) {
                error = .badExport(events.entry.name, line: line.number, "is refused: \(error.message)")
                error.artifactId = event.artifactId
                throw error
            }
        }
        if let line = try artifacts.next() {
            throw StoreError.badExport(
                artifacts.entry.name, line: line.number, "is an artifact that no event created")
        }
        let untold = pending.values.filter {
            $0.status != .pending || $0.fencingToken != $0.lastClaim.fencingToken
        }
        if let first = untold.min(by: { $0.number < $1.number }) {
            throw StoreError.badExport(
                artifacts.entry.name, line: first.number, "says more than the events of the artifact do")
        }
    }

    private func isPlaced(_ error: StoreError) -> Bool {
        error.message.hasPrefix(events.entry.name) || error.message.hasPrefix(artifacts.entry.name)
    }

    private mutating func step(_ event: ArtifactEvent) throws -> Step {
        if event.kind == .created { return .created(try created(event)) }
        guard var artifact = pending[event.artifactId] else {
            throw StoreError.invalid(
                "the artifact", "is not pending at this moment", hint: "Events and lines must agree.")
        }
        try check(event.parentRunId.utf8.elementsEqual(artifact.parentRunId.utf8), "parentRunId")
        if event.kind == .takenOver {
            artifact.fencingToken += 1
            let isLast = artifact.fencingToken == artifact.lastClaim.fencingToken
            try check(event.fencingToken == artifact.fencingToken, "fencingToken")
            try check(event.fencingToken <= artifact.lastClaim.fencingToken, "fencingToken")
            try check(event.failureType == nil, "failureType")
            if isLast {
                try check(event.claimOwner.utf8.elementsEqual(artifact.lastClaim.owner.utf8), "claimOwner")
                try check(event.occurredAt == artifact.claimedAt, "occurredAt")
            }
            pending[event.artifactId] = artifact
            return .takenOver(expiresAt: isLast ? artifact.lastClaim.expiresAt : event.occurredAt)
        }
        try check(event.kind.rawValue == artifact.status.rawValue, "kind")
        try check(event.occurredAt == artifact.completedAt, "occurredAt")
        try check(artifact.fencingToken == artifact.lastClaim.fencingToken, "kind")
        try check(event.fencingToken == artifact.fencingToken, "fencingToken")
        try check(event.claimOwner.utf8.elementsEqual(artifact.lastClaim.owner.utf8), "claimOwner")
        try check(event.failureType == artifact.failureType, "failureType")
        pending[event.artifactId] = nil
        let (reader, finished) = (artifacts, artifact)
        return .finished {
            try Self.parse(
                reader.line(at: finished.offset, byteCount: finished.byteCount), finished.number, reader)
        }
    }

    /// The next artifact: lines and `created` events have one order.
    private mutating func created(_ event: ArtifactEvent) throws -> ArtifactLine {
        guard let line = try artifacts.next() else {
            throw StoreError.invalid(
                "the artifact", "has no line in \(artifacts.entry.name)", hint: "Events and lines must agree.")
        }
        let parsed = try Self.parse(line.bytes, line.number, artifacts)
        let artifact = parsed.artifact
        guard seen.insert(Self.key(artifact.artifactId)).inserted else {
            throw StoreError.badExport(
                artifacts.entry.name, line: line.number, "is a second artifact \(artifact.artifactId)")
        }
        guard event.artifactId == artifact.artifactId else {
            throw StoreError.invalid(
                "the artifact", "is not the one in line \(line.number) of \(artifacts.entry.name)",
                hint: "Events and lines must agree.")
        }
        try check(event.parentRunId.utf8.elementsEqual(artifact.parentRunId.utf8), "parentRunId")
        try check(event.occurredAt == artifact.createdAt, "occurredAt")
        try check(event.fencingToken == 1, "fencingToken")
        try check(event.failureType == nil, "failureType")
        if artifact.claim.fencingToken == 1 {
            try check(event.claimOwner.utf8.elementsEqual(artifact.claim.owner.utf8), "claimOwner")
        }
        pending[event.artifactId] = Pending(
            number: line.number, offset: line.offset, byteCount: line.bytes.count, parentRunId: artifact.parentRunId,
            lastClaim: artifact.claim, claimedAt: parsed.claimedAt, status: artifact.status,
            completedAt: artifact.completedAt, failureType: artifact.failure?.type)
        return parsed
    }

    private static func key(_ id: ArtifactID) -> UInt128 {
        SHA256.hash(data: Array(id.text.utf8)).prefix(16).reduce(0) { $0 << 8 | UInt128($1) }
    }

    private static func parse(_ bytes: [UInt8], _ number: Int64, _ reader: LineReader) throws -> ArtifactLine {
        try reader.value(of: bytes, number: number) {
            try ArtifactLine.parse($0)
        } text: {
            $0.text
        }
    }

    private func check(_ agrees: Bool, _ field: String) throws(StoreError) {
        guard agrees else {
            throw .invalid(
                field, "is not what the artifact's line and its earlier events say",
                hint: "Events and lines must agree.")
        }
    }
}
