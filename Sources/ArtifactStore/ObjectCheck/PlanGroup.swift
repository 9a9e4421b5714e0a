/// What a plan has to do about the objects of one page.
struct PlanGroup: Sendable {
    private(set) var findings: [ObjectFinding] = []
    /// Where the page begins in the bucket's list.
    private(set) var cursor: String?
    private var nextCursor: String?
    private var reader: PlanReader

    init(reader: PlanReader) {
        self.reader = reader
    }

    /// The next group, which may be empty; nil behind the last.
    func next() throws -> PlanGroup? {
        try StoreError.naming("read the plan", as: .database) {
            var group = self
            (group.findings, group.cursor) = ([], nextCursor)
            while let json = try group.reader.next() {
                if json["format"] != nil { continue }
                switch try PlanLine.parse(json) {
                case .finding(let finding): if finding.action != nil { group.findings.append(finding) }
                case .checkpoint(let checkpoint):
                    if case .objects(let cursor) = checkpoint.position { group.nextCursor = cursor }
                    return group
                case .summary, .end: return nil
                }
            }
            throw StoreError.badPlan("changed while it was read")
        }
    }
}
