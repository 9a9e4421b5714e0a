internal import ArgumentParser
internal import ArtifactStore

struct EventsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "events", abstract: "Print what happened, oldest first.",
        discussion: """
            Every event has a sequence number that only grows. To go on later, give the last one seen to --after.

            EXAMPLES
              artifacts events --after 1200 --format ndjson
              artifacts events --follow
            """)

    @Option(help: ArgumentHelp("Only events behind this sequence.", valueName: "sequence")) var after: Int64 = 0
    @Option(help: ArgumentHelp("Only this artifact's history.", valueName: "id")) var artifact: String?
    @Option(help: ArgumentHelp("Events to print, 1 to 1000; with --follow, at a time.", valueName: "count"))
    var limit = 100
    @Flag(help: "Wait for further events and print them as they come, until interrupted.") var follow = false
    @OptionGroup var format: FormatOption
    @OptionGroup var database: DatabaseOption

    func validate() throws {
        guard (1...ArtifactStore.largestPage).contains(limit) else {
            throw ValidationError("--limit must be 1 to \(ArtifactStore.largestPage)")
        }
        guard after >= 0 else { throw ValidationError("--after must not be negative") }
        if follow, format.format == .json {
            throw ValidationError("--follow never ends, so it is no JSON document; use --format ndjson, csv or table")
        }
    }

    func run() async throws {
        let store = try await database.openForReading()
        let artifactId = artifact.map { ArtifactID($0) }
        var position = after
        if format.format == .csv { try Terminal.write(CSV.header(CSV.eventColumns)) }
        var isFirst = true
        while true {
            let events = try await store.events(after: position, of: artifactId, limit: limit)
            position = events.last?.sequence ?? position
            if isFirst, events.isEmpty, after == 0, !follow, let artifactId {
                // Every artifact has at least the event of its creation.
                throw StoreError(
                    .notFound, "nothing happened to an artifact \(artifactId)", hint: "Check the id and the database.")
            }
            if isFirst || !events.isEmpty { try Terminal.write(text(events, isFirst: isFirst)) }
            isFirst = false
            guard follow else { break }
            if events.count < limit { try await Task.sleep(for: .milliseconds(250)) }
        }
        try await store.close()
    }

    private func text(_ events: [ArtifactEvent], isFirst: Bool) -> String {
        switch format.format {
        case .json: return JSONValue.object([.init("events", .array(events.map(\.json)))]).documentText
        case .ndjson: return events.map(\.json.lineText).joined()
        case .csv: return events.map { CSV.row($0.json, CSV.eventColumns) }.joined()
        case .table:
            let heading = isFirst ? Self.line("SEQUENCE", "OCCURRED", "ARTIFACT", "KIND", "RUN") : ""
            return heading
                + events.map { event in
                    Self.line(
                        String(event.sequence), Self.seconds(event.occurredAt), event.artifactId.text,
                        event.kind.rawValue + (event.failureType.map { " (\($0.rawValue))" } ?? ""),
                        event.parentRunId)
                }.joined()
        }
    }

    /// Date and time to the second, in UTC.
    private static func seconds(_ moment: Timestamp) -> String {
        let text = moment.description
        return "\(text.prefix(10)) \(text.dropFirst(11).prefix(8))"
    }

    /// Fixed columns: with --follow the later rows are not known when the first are printed. A column that would
    /// begin behind the terminal's edge is left out.
    private static func line(_ cells: String...) -> String {
        let widths = [9, 20, 31, 35]
        var line = ""
        var start = 0
        for (index, cell) in cells.enumerated() where start < Terminal.width {
            if index > 0 { line += String(repeating: " ", count: max(1, start - Printable.width(line))) }
            line += Printable.line(cell, atMost: Terminal.width)
            if index < widths.count { start += widths[index] }
        }
        return Printable.cut(line, to: Terminal.width) + "\n"
    }
}
