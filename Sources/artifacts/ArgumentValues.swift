public import ArgumentParser
public import ArtifactStore

extension ArtifactStatus: ExpressibleByArgument {}
extension ArtifactOrder: ExpressibleByArgument {}
extension ArtifactFailure.FailureType: ExpressibleByArgument {}
extension UsageGrouping: ExpressibleByArgument {}
extension FailureGrouping: ExpressibleByArgument {}
extension CatalogueSource: ExpressibleByArgument {}
extension ImageGenerationMode: ExpressibleByArgument {}

extension DeclaredSupport: ExpressibleByArgument {
    /// As on the wire: `true`, `false` or `unknown`.
    public init?(argument: String) {
        self.init(wireText: argument)
    }

    /// The texts that are understood, for the help.
    public static var allValueStrings: [String] { allCases.map(\.wireText) }
}

/// Modalities with commas between them.
struct ModalityList: ExpressibleByArgument {
    let modalities: Set<Modality>

    init(modalities: Set<Modality>) {
        self.modalities = modalities
    }

    init?(argument: String) {
        let words = argument.split(separator: ",", omittingEmptySubsequences: false)
        let modalities = words.compactMap { Modality(rawValue: String($0)) }
        guard modalities.count == words.count else { return nil }
        self.modalities = Set(modalities)
    }

    var defaultValueDescription: String { modalities.map(\.rawValue).sorted().joined(separator: ",") }
}

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
