/// How bucket and database are compared.
public struct ObjectCheckOptions: Sendable {
    /// How long ago an object was stored, and its claim expired, before it can be unreferenced: an upload in flight is no
    /// orphan. 0 to 366 days.
    public var gracePeriod: Duration = .seconds(86_400)
    /// How long an object stays in quarantine before a plan removes it, counted from the end of the day it was put there.
    /// 0 to 3660 days.
    public var keepsQuarantined: Duration = .seconds(30 * 86_400)
    /// Whether every byte is read and compared with the recorded SHA-256.
    public var readsBytes = false
    /// Objects listed at a time.
    var pageSize = ObjectPage.largest

    /// The usual options.
    public init() {}

    func validate() throws(StoreError) {
        func check(_ duration: Duration, _ field: String, days: Int64) throws(StoreError) {
            guard (.zero ... .seconds(days * 86_400)).contains(duration) else {
                throw .invalid("options.\(field)", "is out of range", hint: "Give 0 to \(days) days.")
            }
        }
        try check(gracePeriod, "gracePeriod", days: 366)
        try check(keepsQuarantined, "keepsQuarantined", days: 3660)
    }
}
