/// What this package throws: what happened, which value caused it, and what to do.
///
/// Every `async` function of ``ArtifactStore`` throws `StoreError` or `CancellationError`, and nothing else of its
/// own; an error thrown by a closure you passed comes back unchanged. Match on the code:
///
/// ```swift
/// do { … } catch let error as StoreError where error.code == .claimHeld { … }
/// ```
///
/// No description holds prompt text, image bytes, SQL arguments or credentials.
public struct StoreError: Error, Sendable {
    /// Which of the known cases this is. New cases may join, so a `switch` over codes needs a `default`.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Case: String {
            case invalidInput, notFound, conflict, claimHeld, claimLost, alreadyFinished, busy, outcomeUnknown
            case storeTooNew, schemaMismatch, notAnArtifactStore, unsafePath, readOnly, closed
            case objectStorage, objectExists, objectDamaged, database, providerOutcomeUnknown
        }

        private let wrapped: Case
        private init(_ wrapped: Case) { self.wrapped = wrapped }

        public var description: String { wrapped.rawValue }

        /// A value breaks a documented rule; nothing was written.
        public static let invalidInput = Code(.invalidInput)
        /// No artifact, run or object has that name.
        public static let notFound = Code(.notFound)
        /// The idempotency key or id is taken by a different request, or the object reference by another artifact.
        public static let conflict = Code(.conflict)
        /// Someone else may still finish the artifact; ``StoreError/holder`` says who, and until when.
        public static let claimHeld = Code(.claimHeld)
        /// The claim was swept or taken over; ``StoreError/storage`` names bytes that were stored meanwhile.
        public static let claimLost = Code(.claimLost)
        /// The artifact is already completed or failed with another result.
        public static let alreadyFinished = Code(.alreadyFinished)
        /// The database, its lock or the write queue did not become free in time; nothing was written.
        public static let busy = Code(.busy)
        /// The write may or may not be durable. Repeat the same call with the same id: it converges.
        public static let outcomeUnknown = Code(.outcomeUnknown)
        /// Nobody knows whether the provider made an image. The artifact stays pending until its claim expires.
        public static let providerOutcomeUnknown = Code(.providerOutcomeUnknown)
        /// A newer version of this package wrote the store's schema.
        public static let storeTooNew = Code(.storeTooNew)
        /// The store's migration history is not the one this build carries.
        public static let schemaMismatch = Code(.schemaMismatch)
        /// The file is something else: another application's database, text, or nothing at all.
        public static let notAnArtifactStore = Code(.notAnArtifactStore)
        /// The path is refused before anything is touched.
        public static let unsafePath = Code(.unsafePath)
        /// The store was opened for reading only, or has no object storage for this call.
        public static let readOnly = Code(.readOnly)
        /// The store was closed before the call.
        public static let closed = Code(.closed)
        /// Object storage refused or failed.
        public static let objectStorage = Code(.objectStorage)
        /// The key holds other bytes; objects are never overwritten.
        public static let objectExists = Code(.objectExists)
        /// The stored bytes are not the ones the record describes.
        public static let objectDamaged = Code(.objectDamaged)
        /// SQLite failed in a way no other code names.
        public static let database = Code(.database)
    }

    /// Who holds a claim and until when.
    public struct Holder: Hashable, Sendable {
        /// The owner's name, as given to `begin` or made from host and process.
        public let owner: String
        /// When the claim may be taken over.
        public let expiresAt: Timestamp
    }

    public let code: Code
    /// What happened, and which value caused it.
    public let message: String
    /// What to do next, in one or two sentences.
    public let hint: String
    /// The artifact concerned, when there is one.
    public var artifactId: ArtifactID?
    /// The bytes that were stored although the call failed, so that they are not lost.
    public var storage: StorageReference?
    /// With ``Code/claimHeld``: who holds it.
    public var holder: Holder?
    /// When an image could not be stored: the failure to record, if the claim's holder gives up. Until then the artifact
    /// stays pending, and the same call by the same claim may succeed.
    public var failure: ArtifactFailure?
    /// The SQLite result code or `errno` below, when one led here.
    public var underlyingCode: Int32?

    /// An error of that code. Hosts make their own only to answer for their own ``ObjectStorage``.
    public init(
        _ code: Code, _ message: String, hint: String, artifactId: ArtifactID? = nil,
        storage: StorageReference? = nil, holder: Holder? = nil, underlyingCode: Int32? = nil
    ) {
        self.code = code
        self.message = message
        self.hint = hint
        self.artifactId = artifactId
        self.storage = storage
        self.holder = holder
        self.underlyingCode = underlyingCode
    }

    static func noStore(_ path: StorePath) -> StoreError {
        StoreError(
            .notFound, "there is no store at \(path.text)",
            hint: "Mend the path, or make one: artifacts init --database \(ShellWord.quoted(path.text))")
    }

    static func noSchema(_ path: StorePath) -> StoreError {
        StoreError(
            .notAnArtifactStore, "\(path.text) has the mark of a store but no schema",
            hint: "Was it copied without its -wal file? Copy all files of a store, or restore a backup.")
    }

    static func invalid(_ field: String, _ reason: String, hint: String) -> StoreError {
        StoreError(.invalidInput, "\(field) \(reason)", hint: hint)
    }
}

extension StoreError: CustomStringConvertible {
    /// Code, message and hint on one line.
    public var description: String {
        "\(code): \(message). \(hint)"
    }
}
