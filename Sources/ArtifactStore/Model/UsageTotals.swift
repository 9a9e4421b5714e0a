/// Sums of usage, each over the artifacts that know the number.
public struct UsageTotals: Hashable, Sendable {
    /// A sum over the artifacts that know the number. Nil when none does.
    public struct Sum: Hashable, Sendable {
        public internal(set) var value: Int64?

        mutating func add(_ addend: Int64?) throws(StoreError) {
            guard let addend else { return }
            let (sum, overflow) = (value ?? 0).addingReportingOverflow(addend)
            guard !overflow else {
                throw StoreError(
                    .invalidInput, "a usage sum does not fit 64 bits", hint: "Sum over fewer artifacts.")
            }
            value = sum
        }
    }

    public internal(set) var inputTokens = Sum()
    public internal(set) var inputTextTokens = Sum()
    public internal(set) var inputImageTokens = Sum()
    public internal(set) var cachedInputTokens = Sum()
    public internal(set) var cachedInputTextTokens = Sum()
    public internal(set) var cachedInputImageTokens = Sum()
    public internal(set) var cacheWriteInputTokens = Sum()
    public internal(set) var outputTokens = Sum()
    public internal(set) var outputTextTokens = Sum()
    public internal(set) var outputImageTokens = Sum()
    public internal(set) var totalTokens = Sum()
    /// Exact totals, one for each currency, in the order of their codes.
    public internal(set) var costs: [Cost] = []
    /// Terminal artifacts whose cost nobody knows (those covered by another artifact's usage do not count).
    public internal(set) var artifactsWithoutCost = 0

    mutating func add(_ usage: Usage?, of status: ArtifactStatus) throws(StoreError) {
        guard usage?.includedInArtifactId == nil else { return }
        try add(usage, withoutCost: usage?.cost == nil && status != .pending ? 1 : 0)
    }

    /// - Parameter withoutCost: How many terminal artifacts this is of whose cost nobody knows.
    mutating func add(_ usage: Usage?, withoutCost: Int) throws(StoreError) {
        if let usage {
            try inputTokens.add(usage.inputTokens)
            try inputTextTokens.add(usage.inputTextTokens)
            try inputImageTokens.add(usage.inputImageTokens)
            try cachedInputTokens.add(usage.cachedInputTokens)
            try cachedInputTextTokens.add(usage.cachedInputTextTokens)
            try cachedInputImageTokens.add(usage.cachedInputImageTokens)
            try cacheWriteInputTokens.add(usage.cacheWriteInputTokens)
            try outputTokens.add(usage.outputTokens)
            try outputTextTokens.add(usage.outputTextTokens)
            try outputImageTokens.add(usage.outputImageTokens)
            try totalTokens.add(usage.totalTokens)
        }
        if let cost = usage?.cost { try add(cost) }
        artifactsWithoutCost += withoutCost
    }

    mutating func add(_ other: UsageTotals) throws(StoreError) {
        try inputTokens.add(other.inputTokens.value)
        try inputTextTokens.add(other.inputTextTokens.value)
        try inputImageTokens.add(other.inputImageTokens.value)
        try cachedInputTokens.add(other.cachedInputTokens.value)
        try cachedInputTextTokens.add(other.cachedInputTextTokens.value)
        try cachedInputImageTokens.add(other.cachedInputImageTokens.value)
        try cacheWriteInputTokens.add(other.cacheWriteInputTokens.value)
        try outputTokens.add(other.outputTokens.value)
        try outputTextTokens.add(other.outputTextTokens.value)
        try outputImageTokens.add(other.outputImageTokens.value)
        try totalTokens.add(other.totalTokens.value)
        for cost in other.costs { try add(cost) }
        artifactsWithoutCost += other.artifactsWithoutCost
    }

    mutating func add(_ cost: Cost) throws(StoreError) {
        guard let index = costs.firstIndex(where: { $0.currency >= cost.currency }) else {
            costs.append(cost)
            return
        }
        guard costs[index].currency == cost.currency else {
            costs.insert(cost, at: index)
            return
        }
        var sum = Sum(value: costs[index].micros)
        try sum.add(cost.micros)
        costs[index].micros = sum.value ?? 0
    }
}
