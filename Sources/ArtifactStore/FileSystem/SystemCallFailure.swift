internal import Foundation

/// A system call that failed, and the `errno` it left.
struct SystemCallFailure: Error {
    let name: FileSystemCalls.Name
    let target: String
    let code: Int32

    /// The same for a caller of this package.
    ///
    /// - Parameters:
    ///   - task: What was being done, such as `store the object runs/a.png`.
    ///   - kind: The code of the error, unless the name itself is at fault.
    func storeError(_ task: String, _ kind: StoreError.Code) -> StoreError {
        StoreError(
            code == ENAMETOOLONG ? .invalidInput : kind,
            "could not \(task): \(name.rawValue) of \(target) failed with errno \(code), "
                + String(cString: strerror(code)),
            hint: hint, underlyingCode: code)
    }

    private var hint: String {
        switch code {
        case ENOSPC, EDQUOT:
            "Free space or raise the quota, then repeat the call; nothing needs to be repaired."
        case EROFS:
            "Mount the file system for writing; reading goes on meanwhile."
        case EACCES, EPERM:
            "Give the process's user the folder and everything in it, and allow hard links there."
        case EIO:
            "Check the disk and the kernel's log before repeating the call."
        case ENOENT:
            "A file or folder is missing: make the folder it belongs in, and move nothing while the store is open."
        case ENOTDIR:
            "One name cannot be both a file and the folder of others: choose another one."
        case ENAMETOOLONG:
            "The file system takes shorter names only: shorten it."
        case EMFILE, ENFILE:
            "Raise the limit of open files (ulimit -n)."
        case EXDEV, EOPNOTSUPP, EMLINK:
            "The folder must be one file system that has hard links."
        default:
            "Repeat the call once the cause is gone: it converges."
        }
    }
}

extension StoreError {
    /// Runs file system work, and says what was being done when a call in it fails.
    static func naming<Value>(
        _ task: String, as code: Code = .objectStorage, _ work: () throws -> Value
    ) throws(StoreError) -> Value {
        do {
            return try exchanging(task, as: code, work)
        } catch let error as StoreError {
            throw error
        } catch {
            throw StoreError(code, "could not \(task): \(error)", hint: "Repeat the call: it converges.")
        }
    }

    /// The same for work that also asks the database: an error of that is left to whoever runs the transaction.
    static func exchanging<Value>(
        _ task: String, as code: Code = .database, _ work: () throws -> Value
    ) throws -> Value {
        do {
            return try work()
        } catch let failure as SystemCallFailure {
            throw failure.storeError(task, code)
        }
    }
}
