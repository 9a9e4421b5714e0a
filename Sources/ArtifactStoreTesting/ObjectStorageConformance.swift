public import ArtifactStore

/// The laws of ``ArtifactStore/ObjectStorage`` as checks that need no test framework.
///
/// Loop over them in yours; each check uses keys of its own below `conformance/`, new ones every time, so a bucket
/// that outlives the test run will do. They leave their objects behind, a few kilobytes each.
///
/// ```swift
/// @Test("My storage obeys the laws", arguments: ObjectStorageConformance.checks)
/// func conformance(check: ObjectStorageConformance.Check) async throws {
///     try await check.run(MyStorage())
/// }
/// ```
///
/// Not checked, because no call can see it: that bytes survive a power cut and deleted ones stay away (laws 1 and 8),
/// and what an interrupted `put` or `move` leaves (laws 4 and 10).
public enum ObjectStorageConformance {
    /// One law, or one side of it.
    public struct Check: Sendable, CustomStringConvertible {
        /// A sentence that says what holds.
        public let name: String
        private let body: @Sendable (ConformanceProbe) async throws -> Void

        init(_ name: String, _ body: @escaping @Sendable (ConformanceProbe) async throws -> Void) {
            self.name = name
            self.body = body
        }

        public var description: String { name }

        /// Runs the check against a storage.
        ///
        /// - Throws: ``ConformanceFailure`` when the law is broken, or the storage threw where it must not.
        public func run(_ storage: any ObjectStorage) async throws {
            let probe = ConformanceProbe(check: name, storage: storage)
            do {
                try await body(probe)
            } catch let failure as ConformanceFailure {
                throw failure
            } catch {
                throw probe.failure("a call that must succeed threw \(error)")
            }
        }
    }

    /// All checks, in the order of the laws.
    public static let checks: [Check] =
        writingChecks + readingChecks + keyChecks + concurrencyChecks + deletingChecks + listingChecks + movingChecks
}
