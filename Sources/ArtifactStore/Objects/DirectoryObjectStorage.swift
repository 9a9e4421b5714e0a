public import Foundation

/// Objects as files below one folder: `<root>/<bucket>/<object key>`.
///
/// Files are readable and writable for their owner alone (0600), folders likewise (0700), whatever the umask. Bytes
/// are written to `<root>/.incoming` and synced there, then get their name in one step that never replaces anything.
/// No symbolic link below the root is followed, neither for writing nor for reading. The root must lie on one file
/// system with hard links, and its names must be case-sensitive for keys that differ in case only.
///
/// Beyond the codes that ``ObjectStorage`` names, a key with a segment of more than 255 bytes is refused with
/// `invalidInput`. A key cannot be both an object and the folder of others (`a` and `a/b`): the second one throws
/// `objectStorage`.
public struct DirectoryObjectStorage: URLSigningStorage {
    /// Always `directory`.
    public let kind = "directory"
    /// The folder inside the root that holds this storage's objects.
    public let bucket: String

    private let urls: DirectoryURLSigner?
    let calls: FileSystemCalls
    let walk: FolderWalk
    let randomBits: @Sendable () -> UInt64

    /// Opens the root, which is made (0700) when it is missing. Its parent must be there.
    ///
    /// - Parameter path: The root folder. Not a symbolic link and not a `file:` URL.
    /// - Parameter bucket: 1 to 128 letters, digits, `-`, `_` and `.`, the first of them no dot.
    /// - Parameter urls: Signs URLs under which a service of the host's serves the objects; nil signs none.
    /// - Throws: ``StoreError`` with code `unsafePath` when the path is refused, `invalidInput` when the bucket is, or
    ///   `objectStorage` with the `errno` when the folder cannot be opened or made.
    public init(root path: String, bucket: String, urls: DirectoryURLSigner? = nil) throws(StoreError) {
        try self.init(root: path, bucket: bucket, urls: urls, calls: FileSystemCalls()) {
            UInt64.random(in: .min ... .max)
        }
    }

    init(
        root path: String, bucket: String, urls: DirectoryURLSigner? = nil, calls: FileSystemCalls,
        randomBits: @escaping @Sendable () -> UInt64
    ) throws(StoreError) {
        try ObjectPath.check(bucket: bucket)
        self.bucket = bucket
        self.urls = urls
        self.calls = calls
        self.randomBits = randomBits
        walk = FolderWalk(calls: calls, root: try RootFolder.open(path, calls))
    }

    public func put(_ bytes: Data, at key: ObjectKey, sha256: String) async throws {
        let path = try ObjectPath(bucket: bucket, key: key)
        try await BlockingWork.run {
            try StoreError.naming("store the object \(key)") { try store(bytes, at: path, sha256: sha256) }
        }
    }

    public func get(_ key: ObjectKey, expecting expected: ImageFacts) async throws -> Data {
        let path = try ObjectPath(bucket: bucket, key: key)
        return try await BlockingWork.run {
            try StoreError.naming("read the object \(key)") { try load(key, at: path, expecting: expected) }
        }
    }

    /// The first of the signing keys, which has no end of its own.
    public func signingCredential(goodUntil moment: Timestamp) async throws -> SigningCredential {
        try signer().credential
    }

    /// The URL under which the service of the host's serves the object.
    public func url(for signing: URLSigning) async throws -> URL {
        try signer().url(for: signing, in: bucket)
    }

    private func signer() throws(StoreError) -> DirectoryURLSigner {
        guard let urls else {
            throw StoreError(
                .objectStorage, "the directory storage \(bucket) was opened without signing keys",
                hint: "Give it a DirectoryURLSigner: where a service serves the objects, and the keys.")
        }
        return urls
    }

    public func head(_ key: ObjectKey) async throws -> Int64? {
        let path = try ObjectPath(bucket: bucket, key: key)
        return try await BlockingWork.run {
            try StoreError.naming("look up the object \(key)") { try find(path)?.byteCount }
        }
    }
}

extension ObjectStorage where Self == DirectoryObjectStorage {
    /// Objects as files below one folder, as in `.directory("objects", bucket: "renders")`.
    ///
    /// - Throws: ``StoreError`` as ``DirectoryObjectStorage/init(root:bucket:urls:)`` does.
    public static func directory(
        _ root: String, bucket: String, urls: DirectoryURLSigner? = nil
    ) throws(StoreError) -> Self {
        try DirectoryObjectStorage(root: root, bucket: bucket, urls: urls)
    }
}
