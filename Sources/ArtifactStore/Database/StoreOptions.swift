/// How a store is opened.
public struct StoreOptions: Sendable {
    /// What opening may do.
    public enum Access: Sendable {
        /// Queries only. The database file and its log are left as they are.
        case readOnly
        /// Queries and writes; a missing store is an error.
        case readWrite
        /// Queries and writes; a missing store is made.
        case createIfMissing
    }

    /// What opening may do.
    public var access: Access = .createIfMissing
    /// Whether opening for writing brings an older schema to this build's. Otherwise an older one is refused.
    public var migratesSchema = true
    /// Whether migrating begins with a verified backup beside the database, named
    /// `DATABASE.v<version>-<time>.backup`. It takes as much space as the store, and stays until somebody removes it.
    public var backsUpBeforeMigrating = true
    /// How long a write waits for other processes before it throws `busy`, 0 to 3600 seconds.
    public var busyTimeout: Duration = .seconds(5)
    /// How long opening waits while another process migrates or restores the store, instead of `busyTimeout`; 0 to
    /// 86,400 seconds. Instances of a service that start together wait for the one that migrates.
    public var maintenanceTimeout: Duration = .seconds(600)
    /// How many writes may wait in this process before further ones throw `busy`, 1 to 1,000,000.
    public var maximumQueuedWrites = 4096
    /// How many queries run at once, 1 to 256.
    public var maximumReaders = 4
    /// How much of the file the writer keeps in memory, in KiB, at least 64.
    public var writerCacheKiB = 32_768
    /// How long a claim lasts unless `begin` says otherwise.
    public var claimDuration: Duration = .seconds(600)
    /// What becomes of a request for a model of which the catalogue does not say whether it makes images.
    public var unknownModels: UnknownModelPolicy = .admit
    /// Who this process is in claims, at most 256 bytes. Nil stands for host name and process id.
    public var owner: String?
    /// What time it is.
    public var now: @Sendable () -> Timestamp = Timestamp.systemNow
    /// Makes the ids of new artifacts.
    public var makeArtifactID: @Sendable (Timestamp) -> ArtifactID = { moment in
        var random = SystemRandomNumberGenerator()
        return ArtifactID.fresh(at: moment, using: &random)
    }

    /// How much of a commit reaches the disk before it is acknowledged. Always FULL outside the project's own tests,
    /// whose negative control shows what NORMAL loses.
    package enum Durability: String, Sendable {
        case full = "FULL"
        case normal = "NORMAL"

        var pragmaValue: String { self == .full ? "2" : "1" }
    }
    package var durability: Durability = .full
    /// The system calls on store files as wholes. Tests fail them.
    var calls = FileSystemCalls()

    /// The usual options.
    public init() {}

    func validate() throws(StoreError) {
        func check(_ isValid: Bool, _ field: String, _ range: String) throws(StoreError) {
            if !isValid { throw .invalid("options.\(field)", "is out of range", hint: "Give \(range).") }
        }
        try check((.zero ... .seconds(3600)).contains(busyTimeout), "busyTimeout", "0 to 3600 seconds")
        try check((.zero ... .seconds(86_400)).contains(maintenanceTimeout), "maintenanceTimeout", "0 to 86400 seconds")
        try check((1...1_000_000).contains(maximumQueuedWrites), "maximumQueuedWrites", "1 to 1000000")
        try check((1...256).contains(maximumReaders), "maximumReaders", "1 to 256")
        try check((64...16_777_216).contains(writerCacheKiB), "writerCacheKiB", "64 to 16777216")
        try TextRule.check(owner, "options.owner")
    }
}
