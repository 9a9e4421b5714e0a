public import ArgumentParser
public import ArtifactStore

extension ArtifactStatus: ExpressibleByArgument {}
extension ArtifactOrder: ExpressibleByArgument {}
extension ArtifactFailure.FailureType: ExpressibleByArgument {}
extension UsageGrouping: ExpressibleByArgument {}
extension FailureGrouping: ExpressibleByArgument {}

extension Timestamp: ExpressibleByArgument {
    /// RFC 3339, a date, or how long ago: `7d`.
    public init?(argument: String) {
        if let ago = DurationArgument(argument: argument) {
            self = StoreOptions().now().advanced(by: .zero - ago.duration)
        } else {
            self.init(argument)
        }
    }
}
