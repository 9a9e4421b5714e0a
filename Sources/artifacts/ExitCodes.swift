internal import ArgumentParser
internal import ArtifactStore

extension StoreError {
    /// The process's exit code. The table stands in `Docs/CLI.md` and in `artifacts --help`.
    var exitCode: Int32 {
        switch code {
        case .notFound: 3
        case .conflict, .claimHeld, .claimLost, .alreadyFinished, .objectExists: 4
        case .busy: 5
        case .storeTooNew: 6
        case .notAnArtifactStore, .unsafePath: 7
        case .objectStorage, .objectDamaged, .database, .readOnly: 8
        case .outcomeUnknown, .providerOutcomeUnknown: 9
        case .schemaMismatch: 10
        case .invalidInput: 64
        default: 1
        }
    }
}

extension ExitCode {
    /// A check ran to its end and found something.
    static let checkFailed = ExitCode(11)
}
