/// Whether a model can do something, as far as that was declared. Unknown is a third answer, and never taken for no.
public enum DeclaredSupport: String, Hashable, Sendable, CaseIterable {
    case yes
    case no
    case unknown

    /// The answer on the wire, as text: `true`, `false` or `unknown`.
    public var wireText: String {
        switch self {
        case .yes: "true"
        case .no: "false"
        case .unknown: "unknown"
        }
    }

    /// The answer that has this ``wireText``; nil for any other text.
    public init?(wireText: String) {
        guard let answer = Self.allCases.first(where: { $0.wireText == wireText }) else { return nil }
        self = answer
    }

    init(_ isSupported: Bool) {
        self = isSupported ? .yes : .no
    }
}
