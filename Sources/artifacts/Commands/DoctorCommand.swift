internal import ArgumentParser
internal import ArtifactStore

struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Compare images and records in both directions.",
        discussion: """
            Looks for artifacts without their image, and for images without an artifact, and writes what it finds into a \
            plan: JSON lines to read. Nothing else is changed. Interrupted, the same command goes on. Exits with 11 when \
            an artifact's image is missing or damaged.

            --apply does what a plan says, after looking at each item again: what nothing refers to goes into \
            quarantine, what was there for long enough is deleted, and what an artifact refers to is brought back. \
            Images that this store's history does not lead to are never touched.

            EXAMPLES
              artifacts doctor
              artifacts doctor --bytes --plan renders.plan --objects s3://renders
              artifacts doctor --apply renders.plan --objects s3://renders
            """)

    @Option(
        help: ArgumentHelp("Where the plan goes. Default: DATABASE.plan.", valueName: "file"), completion: .file())
    var plan: String?
    @Flag(help: "Read every byte, and compare SHA-256, too.") var bytes = false
    @Option(help: ArgumentHelp("Images younger than this are left alone. Default: 24h.", valueName: "time"))
    var grace: DurationArgument?
    @Option(help: ArgumentHelp("How long images stay in quarantine. Default: 30d.", valueName: "time"))
    var keepQuarantined: DurationArgument?
    @Option(help: ArgumentHelp("Do what this plan says.", valueName: "plan"), completion: .file())
    var apply: String?
    @Option(
        help: ArgumentHelp(
            "Percent of this store's images that a plan may take away. Default: 5. Ten always may be.",
            valueName: "percent"))
    var maxShare: Double?
    @Option(help: ArgumentHelp("Which bucket of a folder of images. Default: images.", valueName: "name"))
    var bucket: String?
    @OptionGroup var format: FormatOption
    @OptionGroup var database: DatabaseOption
    @OptionGroup var objects: ObjectsOption

    func validate() throws {
        guard apply == nil || (plan == nil && !bytes && grace == nil && keepQuarantined == nil) else {
            throw ValidationError(
                "--apply takes a plan that is there; --plan, --bytes, --grace and --keep-quarantined make one")
        }
        guard apply != nil || maxShare == nil else { throw ValidationError("--max-share goes with --apply") }
        guard (0...100).contains(maxShare ?? 0) else { throw ValidationError("--max-share must be 0 to 100") }
    }

    func run() async throws {
        let store = try await database.openForReading()
        let storage = try objects.existingStorage(bucket: bucket, besides: try database.path())
        if let apply {
            try await self.apply(apply, store, storage)
        } else {
            try await check(store, storage)
        }
    }

    // MARK: - Looking

    private func check(_ store: ArtifactStore, _ storage: any ObjectStorage) async throws {
        var options = ObjectCheckOptions()
        if let grace { options.gracePeriod = grace.duration }
        if let keepQuarantined { options.keepsQuarantined = keepQuarantined.duration }
        options.readsBytes = bytes
        let path = try plan ?? "\(database.path()).plan"
        let report = try await Terminal.showingProgress { progress in
            try await store.checkObjects(in: storage, writingPlanTo: path, options: options, progress: progress)
        }
        try await store.close()
        try Terminal.write(
            format.text(table: Self.text(report), document: report.json, columns: Self.reportColumns))
        if report.wasResumed {
            Terminal.note("went on with a comparison that began at \(report.beganAt), and was interrupted")
        }
        let counts = report.counts
        if counts.elsewhereCount > 0 {
            let text =
                "the images of \(counted(counts.elsewhereCount)) are not in \(storage.kind):\(storage.bucket), "
                + "and were not looked for"
            guard counts.artifactCount > 0 else {
                throw StoreError(.objectStorage, text, hint: "Name where they are with --objects and --bucket.")
            }
            Terminal.note(text)
        }
        if counts.takenCount + (counts.actions[.restore] ?? 0) > 0, format.format == .table {
            Terminal.note(
                "nothing was changed; read the plan, then name the same store and objects with --apply "
                    + "\(ShellWord.quoted(report.plan))")
        }
        if counts.damageCount > 0 {
            Terminal.note("the plan names each artifact whose image is missing or damaged: restore those from a backup")
            throw ExitCode.checkFailed
        }
    }

    private static let reportColumns =
        [
            "plan", "resumed", "beganAt", "objectCount", "recentCount", "removingCount", "artifactCount",
            "elsewhereCount",
        ]
        + ObjectFinding.Kind.allCases.map { "findings.\($0.rawValue)" }
        + ObjectFinding.Action.allCases.map { "actions.\($0.rawValue)" }

    private static func text(_ report: ObjectCheckReport) -> String {
        var detail = DetailText()
        detail.heading("images in the bucket")
        let counts = report.counts
        detail.line("objects", "\(counts.objectCount)")
        if counts.recentCount > 0 { detail.line("too young to judge", "\(counts.recentCount)") }
        if counts.removingCount > 0 { detail.line("waiting for delete", "\(counts.removingCount)") }
        detail.heading("artifacts with an image")
        detail.line("artifacts", "\(counts.artifactCount)")
        detail.heading("found")
        for kind in ObjectFinding.Kind.allCases {
            guard let count = counts.findings[kind] else { continue }
            detail.line(kind.rawValue, "\(count)", colour: kind.isDamage ? .red : nil)
        }
        if counts.findings.isEmpty { detail.line("nothing", "") }
        detail.heading("plan")
        detail.line("file", report.plan)
        for action in ObjectFinding.Action.allCases {
            if let count = counts.actions[action] { detail.line(action.rawValue, "\(count)") }
        }
        return detail.text
    }

    // MARK: - Doing

    private func apply(_ plan: String, _ store: ArtifactStore, _ storage: any ObjectStorage) async throws {
        let printer = try RowPrinter(format.format, columns: Self.outcomeColumns, line: Self.exception)
        let report = try await Terminal.showingProgress(unless: printer.disturbsProgress) {
            try await store.applyObjectPlan(
                at: plan, in: storage, maximumShare: (maxShare ?? 5) / 100, progress: $0
            ) { try printer.print($0.json) }
        }
        try await store.close()
        try printer.finish("items", report.json, table: Self.text(report))
        if let failure = report.firstFailure {
            throw StoreError(
                .objectStorage, "\(report.failedCount) images could not be moved or removed: \(failure)",
                hint: "Repeat the command: what was done is not done again.")
        }
    }

    /// A line of a table: what was not done as planned, and why.
    private static func exception(_ outcome: JSONValue) -> String {
        guard let reason = outcome["reason"]?.string, let result = outcome["result"]?.string else { return "" }
        return "\(result) \(Printable.text(outcome["key"]?.string ?? "")): \(Printable.text(reason))\n"
    }

    private static let outcomeColumns = [
        "action", "result", "reason", "finding", "artifactId", "key", "byteCount", "modifiedAt",
    ]

    private static func text(_ report: ObjectPlanReport) -> String {
        var detail = DetailText()
        for result in ObjectPlanOutcome.Result.allCases {
            if let count = report.results[result] { detail.line(result.rawValue, "\(count)") }
        }
        return detail.text.isEmpty ? "the plan has nothing to do\n" : detail.text
    }
}
