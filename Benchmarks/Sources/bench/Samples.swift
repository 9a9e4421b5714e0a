/// What several rounds gave for one quantity.
struct Samples: Sendable {
    private(set) var values: [Double] = []

    mutating func add(_ value: Double) {
        values.append(value)
    }

    var median: Double {
        let sorted = values.sorted()
        guard !sorted.isEmpty else { return .nan }
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }

    var least: Double { values.min() ?? .nan }
    var most: Double { values.max() ?? .nan }
}

/// How many operations ran in how many seconds.
struct Throughput: Sendable {
    let count: Int
    let seconds: Double

    var perSecond: Double { Double(count) / seconds }
}
