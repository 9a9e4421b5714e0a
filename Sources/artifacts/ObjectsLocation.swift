internal import ArgumentParser
internal import ArtifactStore
internal import Foundation

/// Where a command finds image bytes.
struct ObjectsOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            The folder of image objects, or s3://BUCKET. Default: $ARTIFACTS_OBJECTS, else the folder objects beside \
            the database.
            """, valueName: "folder"),
        completion: .directory)
    var objects: String?
    @OptionGroup var s3: S3Options

    /// The bucket of the command line's own folder of objects.
    static let bucket = "images"

    /// What `--objects` says.
    enum Place {
        case folder(String)
        case bucket(String)
    }

    /// - Throws: ``StoreError`` `invalidInput` for a bucket with a path behind it.
    func place(besides database: String) throws(StoreError) -> Place {
        guard let named = objects ?? Environment.value("ARTIFACTS_OBJECTS") else {
            let folder = (database as NSString).deletingLastPathComponent
            return .folder(folder.isEmpty ? "objects" : "\(folder)/objects")
        }
        guard named.hasPrefix("s3://") else { return .folder(named) }
        let bucket = named.dropFirst("s3://".count)
        guard !bucket.contains("/") else {
            throw StoreError(
                .invalidInput, "the objects are said to be in \(named), which is more than a bucket",
                hint: "Give s3://BUCKET alone: the keys of objects are chosen by the store.")
        }
        return .bucket(String(bucket))
    }

    /// Where new objects go. A folder is made when it is missing.
    func storage(besides database: String) throws(StoreError) -> any ObjectStorage {
        switch try place(besides: database) {
        case .folder(let folder): return try DirectoryObjectStorage(root: folder, bucket: Self.bucket)
        case .bucket(let bucket): return try s3.storage(bucket)
        }
    }

    /// The storage of objects that are there already. Nothing is made.
    ///
    /// - Parameter bucket: Which of a folder's buckets; nil stands for the command's own.
    /// - Throws: ``StoreError`` `objectStorage` without such a folder, `invalidInput`.
    func existingStorage(bucket: String?, besides database: String) throws(StoreError) -> any ObjectStorage {
        let place = try place(besides: database)
        switch place {
        case .folder(let folder):
            guard FileManager.default.fileExists(atPath: folder) else {
                throw StoreError(
                    .objectStorage, "\(place) is not there", hint: "Name where the objects are with --objects.")
            }
            return try DirectoryObjectStorage(root: folder, bucket: bucket ?? Self.bucket)
        case .bucket(let named):
            guard bucket ?? named == named else {
                throw StoreError(
                    .invalidInput, "--bucket is for a folder of objects", hint: "--objects names the bucket of S3.")
            }
            return try s3.storage(named)
        }
    }

    /// The storage that has an artifact's bytes. Nothing is made.
    ///
    /// - Parameter urls: Signs the URLs of a folder; called for one alone.
    /// - Throws: ``StoreError`` `objectStorage` when the bytes are elsewhere.
    func storage(
        holding reference: StorageReference, besides database: String,
        urls: () throws(StoreError) -> DirectoryURLSigner? = { () throws(StoreError) in nil }
    ) throws(StoreError) -> any ChunkReadingStorage {
        let found = try storage(kind: reference.kind, bucket: reference.bucket, besides: database, urls: urls)
        if let found { return found }
        throw StoreError(
            .objectStorage,
            "the bytes are in \(reference.kind):\(reference.bucket)/\(reference.objectKey), not in "
                + "\(try place(besides: database))",
            hint: reference.kind == "s3"
                ? "Name their bucket: --objects s3://\(reference.bucket)." : "Name their folder with --objects.")
    }

    /// The storage of that kind and bucket, if `--objects` leads to it. Nothing is made.
    func storage(
        kind: String, bucket: String, besides database: String,
        urls: () throws(StoreError) -> DirectoryURLSigner? = { () throws(StoreError) in nil }
    ) throws(StoreError) -> (any ChunkReadingStorage)? {
        switch try place(besides: database) {
        case .folder(let folder) where kind == "directory" && FileManager.default.fileExists(atPath: folder):
            return try DirectoryObjectStorage(root: folder, bucket: bucket, urls: urls())
        case .bucket(let named) where kind == "s3" && bucket == named: return try s3.storage(bucket)
        default: return nil
        }
    }
}

extension ObjectsOption.Place: CustomStringConvertible {
    var description: String {
        switch self {
        case .folder(let folder): "the folder \(AbsolutePath.of(folder))"
        case .bucket(let bucket): "the bucket \(bucket)"
        }
    }
}
