internal import ArgumentParser
internal import ArtifactStore

struct StatsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stats", abstract: "Count what is in the store.",
        discussion: """
            EXAMPLE
              artifacts stats --format json
            """)

    @OptionGroup var format: FormatOption
    @OptionGroup var database: DatabaseOption

    func run() async throws {
        let store = try await database.openForReading()
        let statistics = try await store.statistics()
        try await store.close()
        try Terminal.write(
            format.text(table: Self.text(statistics), document: statistics.json, columns: CSV.statisticsColumns))
    }

    private static func text(_ statistics: StoreStatistics) -> String {
        var detail = DetailText()
        detail.heading("artifacts")
        detail.line("completed", "\(statistics.counts.completed)")
        detail.line("failed", "\(statistics.counts.failed)")
        detail.line("pending", "\(statistics.counts.pending)")
        detail.line("expired claims", "\(statistics.expiredClaims)")
        detail.line("first created", statistics.firstCreatedAt?.description)
        detail.line("last created", statistics.lastCreatedAt?.description)
        if !statistics.failures.isEmpty { detail.heading("failures") }
        for failure in statistics.failures { detail.line(failure.type.rawValue, "\(failure.count)") }
        detail.heading("store")
        detail.line("schema version", "\(statistics.schemaVersion)")
        detail.line("database bytes", statistics.databaseBytes)
        detail.line("objects to remove", "\(statistics.waitingRemovals)")
        detail.line("last event", statistics.lastEventSequence)
        return detail.text
    }
}
