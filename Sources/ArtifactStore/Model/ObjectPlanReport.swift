/// What became of one item of a plan.
public struct ObjectPlanOutcome: Sendable {
    /// What was done.
    public enum Result: String, Sendable, CaseIterable {
        /// It was moved into quarantine.
        case quarantined
        /// It was removed from quarantine.
        case deleted
        /// It is where its artifact refers to.
        case restored
        /// Nothing was done: things are not as the plan says any more.
        case skipped
        /// Object storage failed. Repeating the call tries again.
        case failed
    }

    /// The plan's item.
    public let finding: ObjectFinding
    public let result: Result
    /// Why, where nothing was done, or something else than the plan's action.
    public let reason: String?

    /// The outcome as one JSON object: the finding's members, and `result` and `reason`.
    public var json: JSONValue {
        .object(
            (finding.json.members ?? []) + [.init("result", .string(result.rawValue))]
                + (reason.map { [.init("reason", .string($0))] } ?? []))
    }
}

/// What applying a plan did.
public struct ObjectPlanReport: Sendable {
    /// Items by what became of them; a result that none had is not there.
    public internal(set) var results: [ObjectPlanOutcome.Result: Int] = [:]
    /// The first failure of object storage.
    public internal(set) var firstFailure: String?

    /// Items that object storage failed at.
    public var failedCount: Int { results[.failed] ?? 0 }

    mutating func add(_ outcome: ObjectPlanOutcome) {
        results[outcome.result, default: 0] += 1
        if outcome.result == .failed { firstFailure = firstFailure ?? outcome.reason }
    }

    /// The counts as one JSON object.
    public var json: JSONValue {
        .object(
            fields: ObjectPlanOutcome.Result.allCases.map { ("\($0.rawValue)Count", .integer(results[$0] ?? 0)) }
                + [("firstFailure", firstFailure.map { .string($0) } ?? .null)])
    }
}
