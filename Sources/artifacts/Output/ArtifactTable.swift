internal import ArtifactStore

/// Artifacts as a table for people.
enum ArtifactTable {
    /// - Parameter showsRun: Whether the run has a column; not where all artifacts are of one run.
    static func text(_ artifacts: [GeneratedImageArtifact], showsRun: Bool) -> String {
        var columns: [Table.Column] = [
            .init(title: "ARTIFACT"), .init(title: "STATUS"), .init(title: "RESULT", cutOrder: 3),
            .init(title: "CREATED"), .init(title: "MODEL", cutOrder: 2), .init(title: "PROMPT", cutOrder: 0),
        ]
        if showsRun { columns.insert(.init(title: "RUN", cutOrder: 1), at: 5) }
        var table = Table(columns)
        for artifact in artifacts {
            var cells = [
                artifact.artifactId.text, artifact.status.rawValue, result(artifact), minutes(artifact.createdAt),
                artifact.request.model, artifact.request.prompt,
            ]
            if showsRun { cells.insert(artifact.parentRunId, at: 5) }
            table.add(cells, colour: [1: colour(artifact.status)])
        }
        return table.text(width: Terminal.width)
    }

    static func colour(_ status: ArtifactStatus) -> Terminal.Colour {
        switch status {
        case .pending: .yellow
        case .completed: .green
        case .failed: .red
        }
    }

    /// Date and time to the minute, in UTC.
    private static func minutes(_ moment: Timestamp) -> String {
        let text = moment.description
        return "\(text.prefix(10)) \(text.dropFirst(11).prefix(5))"
    }

    private static func result(_ artifact: GeneratedImageArtifact) -> String {
        switch artifact.status {
        case .pending: return "claimed by \(artifact.claim.owner)"
        case .failed: return artifact.failure?.type.rawValue ?? ""
        case .completed:
            guard let facts = artifact.storage?.facts else { return "" }
            return [
                facts.contentType, facts.width.flatMap { width in facts.height.map { "\(width)x\($0)" } },
                facts.byteCount.map { "\($0) B" },
            ].compactMap { $0 }.joined(separator: " ")
        }
    }
}
