extension Collection where Element: Sendable {
    /// What each element leads to, in their order, worked on several at once.
    ///
    /// - Parameter limit: How many at once, at least 1.
    /// - Throws: What the first one that failed threw; the others are cancelled.
    func concurrentMap<Value: Sendable>(
        atOnce limit: Int, _ transform: @escaping @Sendable (Element) async throws -> Value
    ) async throws -> [Value] {
        try await withThrowingTaskGroup(of: (Int, Value).self) { group in
            var values = [Value?](repeating: nil, count: count)
            for (number, element) in enumerated() {
                if number >= limit, let (index, value) = try await group.next() { values[index] = value }
                group.addTask { (number, try await transform(element)) }
            }
            for try await (index, value) in group { values[index] = value }
            return values.compactMap(\.self)
        }
    }
}
