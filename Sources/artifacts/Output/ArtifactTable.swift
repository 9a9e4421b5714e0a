internal import ArtifactStore

/// Artifacts as a table for people.
enum ArtifactTable {
    /// - Parameters:
    ///   - showsRun: Whether the run has a column; not where all artifacts are of one run.
    ///   - layout: That of the page before, which this one goes on from without headings.
    static func text(
        _ artifacts: [GeneratedImageArtifact], showsRun: Bool, continuing layout: inout Table.Layout?
    ) -> String {
        // The id is never cut while anything else is left: it is what the next command is given.
        var columns: [Table.Column] = [
            .init(title: "ARTIFACT"), .init(title: "STATUS", leftOut: 5),
            .init(title: "RESULT", cut: (3, 13), leftOut: 4), .init(title: "CREATED", leftOut: 1),
            .init(title: "MODEL", cut: (2, 8), leftOut: 0), .init(title: "PROMPT", cut: (0, 10), leftOut: 3),
        ]
        if showsRun { columns.insert(.init(title: "RUN", cut: (1, 10), leftOut: 2), at: 5) }
        var table = Table(columns, width: Terminal.width)
        for artifact in artifacts {
            var cells = [
                artifact.artifactId.text, artifact.status.rawValue, result(artifact), minutes(artifact.createdAt),
                artifact.request.model, artifact.request.prompt,
            ]
            if showsRun { cells.insert(artifact.parentRunId, at: 5) }
            table.add(cells, colour: [1: colour(artifact.status)])
        }
        return table.text(continuing: &layout)
    }

    static func colour(_ status: ArtifactStatus) -> Terminal.Colour {
        switch status {
        case .pending: .yellow
        case .completed: .green
        case .failed: .red
        }
    }

    /// Date and time to the minute, in UTC.
    static func minutes(_ moment: Timestamp) -> String {
        let text = moment.description
        return "\(text.prefix(10)) \(text.dropFirst(11).prefix(5))"
    }

    /// In short: the failure's type, or what kind of image it is.
    private static func result(_ artifact: GeneratedImageArtifact) -> String {
        switch artifact.status {
        case .pending: return "claimed by \(artifact.claim.owner)"
        case .failed: return artifact.failure?.type.rawValue ?? ""
        case .completed:
            guard let facts = artifact.storage?.facts else { return "" }
            return [
                facts.contentType.map { $0.hasPrefix("image/") ? String($0.dropFirst(6)) : $0 },
                facts.width.flatMap { width in facts.height.map { "\(width)x\($0)" } },
                facts.byteCount.map(size),
            ].compactMap { $0 }.joined(separator: " ")
        }
    }

    private static func size(_ byteCount: Int64) -> String {
        switch byteCount {
        case ..<1000: "\(byteCount) B"
        case ..<1_000_000: "\(byteCount / 1000).\(byteCount % 1000 / 100) kB"
        default: "\(byteCount / 1_000_000).\(byteCount % 1_000_000 / 100_000) MB"
        }
    }
}
