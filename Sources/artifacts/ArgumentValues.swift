public import ArgumentParser
public import ArtifactStore

extension ArtifactStatus: ExpressibleByArgument {}
extension ArtifactOrder: ExpressibleByArgument {}
extension ArtifactFailure.FailureType: ExpressibleByArgument {}

extension Timestamp: ExpressibleByArgument {
    /// RFC 3339, or a date.
    public init?(argument: String) {
        self.init(argument)
    }
}
