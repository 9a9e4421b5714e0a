internal import Foundation

/// An export that is read. Everything in it is opened below one open folder, by names that are fixed, and no symbolic
/// link is followed.
struct ExportFolder: Sendable {
    let path: String
    let manifest: ExportManifest
    let calls: FileSystemCalls
    private let root: OpenDescriptor

    /// Opens an export and reads its manifest. Nothing else is believed of it yet.
    ///
    /// - Throws: ``StoreError`` `notFound` without such a folder, `storeTooNew`, `invalidInput`, `database` when it
    ///   cannot be read.
    init(_ path: String, newestSchema: Int, _ calls: FileSystemCalls) throws {
        root = try Self.root(path, calls)
        (self.path, self.calls) = (path, calls)
        let (file, byteCount) = try Self.open(ExportManifest.fileName, in: root, calls)
        guard byteCount <= ExportManifest.largestByteCount else {
            throw StoreError.badExport(ExportManifest.fileName, "has \(byteCount) bytes")
        }
        manifest = try ExportManifest.parse(
            calls.readAll(Int(byteCount), from: file, at: 0), newestSchema: newestSchema)
        let found = Set(try calls.list(root))
        if let name = found.subtracting(manifest.names).min() {
            throw StoreError.badExport(name, "is not part of the export")
        }
        if let name = manifest.names.subtracting(found).min() { throw StoreError.badExport(name, "is missing") }
    }

    /// The lines of one file, from the first one on.
    func lines(_ entry: ExportManifest.File) throws -> LineReader {
        let (file, byteCount) = try Self.open(entry.name, in: root, calls)
        guard byteCount == entry.byteCount else {
            throw StoreError.badExport(entry.name, "has \(byteCount) bytes, not \(entry.byteCount)")
        }
        return LineReader(entry, file, calls)
    }

    /// An artifact's bytes, compared with their line.
    ///
    /// - Throws: ``StoreError`` `invalidInput` naming the artifact.
    func object(_ line: ObjectLine) throws -> Data {
        let place = ObjectLine.place(of: line.sha256)
        let name = "\(ExportManifest.objectsFolder)/\(place.folder)/\(place.name)"
        do {
            let folder = try Self.folder(
                place.folder, in: Self.folder(ExportManifest.objectsFolder, in: root, calls), calls)
            let (file, byteCount) = try Self.open(place.name, in: folder, calls, as: name)
            guard byteCount == line.byteCount, byteCount <= Int64(ImageFacts.maximumStoredByteCount) else {
                throw StoreError.badExport(name, "has \(byteCount) bytes, not \(line.byteCount)")
            }
            let bytes = Data(try calls.readAll(Int(byteCount), from: file, at: 0))
            let digest = SHA256Hex.of(bytes)
            guard digest == line.sha256 else { throw StoreError.badExport(name, "has the SHA-256 \(digest)") }
            return bytes
        } catch var error as StoreError {
            error.artifactId = line.artifactId
            throw error
        }
    }

    /// Refuses files among the objects that no line speaks of.
    ///
    /// - Throws: ``StoreError`` `invalidInput`. That each line has its file is for ``object(_:)`` to say.
    func checkObjectNames() throws {
        guard manifest.objects != nil else { return }
        let objects = try Self.folder(ExportManifest.objectsFolder, in: root, calls)
        var count: Int64 = 0
        for name in try calls.list(objects) {
            let files = try calls.list(Self.folder(name, in: objects, calls))
            if let stray = files.first(where: { ObjectLine.place(of: $0).folder != name }) {
                throw StoreError.badExport(
                    "\(ExportManifest.objectsFolder)/\(name)/\(stray)", "is not part of the export")
            }
            count += Int64(files.count)
        }
        guard count == manifest.objectFileCount else {
            throw StoreError.badExport(
                ExportManifest.objectsFolder, "has \(count) files, not \(manifest.objectFileCount)")
        }
    }

    private static func root(_ path: String, _ calls: FileSystemCalls) throws -> OpenDescriptor {
        do {
            return try calls.open(path, in: nil, O_RDONLY | O_DIRECTORY)
        } catch {
            switch error.code {
            case ENOENT: throw StoreError(.notFound, "there is no export at \(path)", hint: "Mend the path.")
            case ENOTDIR, ELOOP: throw StoreError.badExport(path, "is no folder")
            default: throw error
            }
        }
    }

    private static func folder(
        _ name: String, in folder: OpenDescriptor, _ calls: FileSystemCalls
    ) throws -> OpenDescriptor {
        do {
            return try calls.open(name, in: folder, O_RDONLY | O_DIRECTORY)
        } catch {
            let path = folder.name == ExportManifest.objectsFolder ? "\(folder.name)/\(name)" : name
            switch error.code {
            case ENOENT: throw StoreError.badExport(path, "is missing")
            case ENOTDIR, ELOOP: throw StoreError.badExport(path, "is no folder")
            default: throw error
            }
        }
    }

    /// - Parameter path: What messages call it, where that is more than its name.
    private static func open(
        _ name: String, in folder: OpenDescriptor, _ calls: FileSystemCalls, as path: String? = nil
    ) throws -> (file: OpenDescriptor, byteCount: Int64) {
        let file: OpenDescriptor
        do {
            // Not blocking: opening a named pipe would otherwise wait for someone to write to it.
            file = try calls.open(name, in: folder, O_RDONLY | O_NONBLOCK)
        } catch {
            switch error.code {
            case ENOENT: throw StoreError.badExport(path ?? name, "is missing")
            case ELOOP: throw StoreError.badExport(path ?? name, "is a symbolic link, and none is followed")
            default: throw error
            }
        }
        let status = try calls.status(of: file)
        guard status.kind == .regular else { throw StoreError.badExport(path ?? name, "is no regular file") }
        return (file, status.byteCount)
    }
}
