internal import Foundation

/// What a name or an open file is.
struct FileStatus {
    enum Kind {
        case regular, folder, symbolicLink, other
    }

    let kind: Kind
    let byteCount: Int64
    let modifiedAt: Timestamp

    init(_ status: stat) {
        switch status.st_mode & S_IFMT {
        case S_IFREG: kind = .regular
        case S_IFDIR: kind = .folder
        case S_IFLNK: kind = .symbolicLink
        default: kind = .other
        }
        byteCount = Int64(status.st_size)
        #if canImport(Darwin)
            let modified = status.st_mtimespec
        #else
            let modified = status.st_mtim
        #endif
        modifiedAt = Timestamp.earliest.advanced(by: .seconds(modified.tv_sec) + .nanoseconds(modified.tv_nsec))
    }
}
