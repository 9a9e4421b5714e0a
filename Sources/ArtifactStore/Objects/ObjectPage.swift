/// An object as a list has it.
public struct ListedObject: Sendable, Hashable {
    /// As it is in the bucket. Another program may have chosen it, so it need not be an ``ObjectKey``.
    public let key: String
    public let byteCount: Int64
    /// When it was stored, by the storage's clock.
    public let modifiedAt: Timestamp

    /// An object of a storage of the host's own.
    public init(key: String, byteCount: Int64, modifiedAt: Timestamp) {
        self.key = key
        self.byteCount = byteCount
        self.modifiedAt = modifiedAt
    }
}

/// A part of a list, and where it goes on.
public struct ObjectPage: Sendable {
    public let objects: [ListedObject]
    /// To be given to the next call, of any process at any time; nil when this page is the last.
    public let next: String?

    /// A page of a storage of the host's own.
    public init(objects: [ListedObject], next: String?) {
        self.objects = objects
        self.next = next
    }

    /// The most objects that one page has.
    public static let largest = 10_000

    /// - Throws: ``StoreError`` with code `invalidInput` unless the limit is 1 to 10,000.
    package static func check(limit: Int) throws(StoreError) {
        guard (1...largest).contains(limit) else {
            throw .invalid("the limit", "is \(limit)", hint: "Ask for 1 to \(largest) objects in a page.")
        }
    }
}
