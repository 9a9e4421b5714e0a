internal import Foundation

/// What a name or an open file is.
struct FileStatus {
    enum Kind {
        case regular, folder, symbolicLink, other
    }

    let kind: Kind
    let identity: FileIdentity
    let owner: FileOwner
    let byteCount: Int64
    let modifiedAt: Timestamp

    init(_ status: stat) {
        switch status.st_mode & S_IFMT {
        case S_IFREG: kind = .regular
        case S_IFDIR: kind = .folder
        case S_IFLNK: kind = .symbolicLink
        default: kind = .other
        }
        identity = FileIdentity(device: UInt64(status.st_dev), number: UInt64(status.st_ino))
        owner = FileOwner(user: status.st_uid, group: status.st_gid)
        byteCount = Int64(status.st_size)
        #if canImport(Darwin)
            let modified = status.st_mtimespec
        #else
            let modified = status.st_mtim
        #endif
        modifiedAt = Timestamp.earliest.advanced(by: .seconds(modified.tv_sec) + .nanoseconds(modified.tv_nsec))
    }
}

/// What tells a file from every other one while it exists, whatever its names are.
struct FileIdentity: Equatable {
    let device: UInt64
    let number: UInt64
}

/// Whose file it is.
struct FileOwner: Equatable {
    let user: uid_t
    let group: gid_t
}
