/// Where a list goes on: opaque text, bound to the filter and order it came from.
///
/// It holds the sequence after which to go on and a digest of filter and order. Used with another filter or order it
/// is refused, because the pages would silently belong to two different lists.
public struct PageCursor: Hashable, Sendable, CustomStringConvertible {
    /// The text to hand back, letters, digits and `.` only.
    public let text: String
    let sequence: Int64

    public var description: String { text }

    init(after sequence: Int64, filter: ArtifactFilter, order: ArtifactOrder) {
        self.sequence = sequence
        text = "\(Self.version).\(sequence).\(Self.binding(filter, order))"
    }

    /// Reads a cursor that a client sent back, for the filter and order it sent with it.
    ///
    /// - Throws: ``StoreError`` with code `invalidInput` when the text is no cursor, or belongs to another list, or the
    ///   order is ``ArtifactOrder/bestMatch``, which has one page.
    public init(_ text: String, filter: ArtifactFilter, order: ArtifactOrder) throws(StoreError) {
        guard order != .bestMatch else {
            throw .invalid(
                "cursor", "cannot go on in a list by rank, which has one page",
                hint: "Ask for a longer page, or list the matches by time.")
        }
        let parts = text.utf8.count <= 64 ? text.split(separator: ".", omittingEmptySubsequences: false) : []
        guard parts.count == 3, parts[0] == Self.version, let sequence = Int64(parts[1]), sequence > 0,
            String(sequence) == parts[1]
        else {
            throw .invalid("cursor", "is not one of this store's", hint: "Start again from the first page.")
        }
        guard parts[2] == Self.binding(filter, order) else {
            throw .invalid(
                "cursor", "belongs to a list with another filter or order",
                hint: "Repeat the filter and order it came from, or start again from the first page.")
        }
        self.text = text
        self.sequence = sequence
    }

    private static let version = "c1"

    private static func binding(_ filter: ArtifactFilter, _ order: ArtifactOrder) -> String {
        var conditions: [String?] = [
            order.rawValue, filter.status?.rawValue, filter.parentRunId, filter.model, filter.provider,
            filter.failureType?.rawValue, filter.skillVersion, filter.promptVersion, filter.templateVersion,
            filter.since.map(\.description), filter.until.map(\.description),
        ]
        // Cursors from before there was a search stay valid.
        if let search = filter.search { conditions.append(search) }
        let description = JSONValue.array(conditions.map { $0.map(JSONValue.string) ?? .null }).compactText
        return String(SHA256Hex.of(description.utf8).prefix(16))
    }
}
