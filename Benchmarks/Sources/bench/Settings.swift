import Foundation

/// What the environment asks for, and where things are.
struct Settings: Sendable {
    /// The root of the library's package.
    let root: String
    /// Where all files of the run are made: one folder, so that everything is measured on one file system.
    let folder: String
    /// A few seconds in all, and no store of a million artifacts.
    let isQuick: Bool
    /// How many artifacts the larger store has that is upgraded.
    let upgradedArtifacts: Int
    /// How many artifacts the store has that is searched.
    let queriedArtifacts: Int
    /// How many artifacts are uploaded into S3.
    let uploads: Int
    /// Where the S3 server answers, and a Python that has boto3.
    let s3Endpoint: String?
    let s3Python: String?
    private let only: String?
    /// A Python that has ml-metadata, or why there is none.
    let python: String?
    let pythonIsMissingBecause: String
    /// The release build of the `artifacts` command.
    let command: String?

    init(environment: [String: String] = ProcessInfo.processInfo.environment) throws {
        root = environment["BENCH_ROOT"] ?? ".."
        folder = environment["BENCH_DIR"] ?? "/tmp/artifact-store-bench"
        isQuick = environment["BENCH_QUICK"] == "1"
        let count = environment["BENCH_ARTIFACTS"] ?? (isQuick ? "20000" : "1000000")
        guard let artifacts = Int(count), artifacts >= 1000 else {
            throw BenchError("BENCH_ARTIFACTS is \(count), not a number from 1000 on")
        }
        upgradedArtifacts = artifacts
        let queried = environment["BENCH_COUNT"] ?? (isQuick ? "20000" : "200000")
        guard let queriedArtifacts = Int(queried), queriedArtifacts >= 1000 else {
            throw BenchError("BENCH_COUNT is \(queried), not a number from 1000 on")
        }
        self.queriedArtifacts = queriedArtifacts
        uploads = isQuick ? 1_000 : 10_000
        s3Endpoint = environment["AWS_ENDPOINT_URL_S3"].flatMap { $0.isEmpty ? nil : $0 }
        s3Python = environment["S3_TEST_PYTHON"].flatMap { $0.isEmpty ? nil : $0 }
        only = environment["BENCH_ONLY"].flatMap { $0.isEmpty ? nil : $0 }
        python = environment["BENCH_MLMD_PYTHON"].flatMap { $0.isEmpty ? nil : $0 }
        pythonIsMissingBecause = environment["BENCH_MLMD_REASON"] ?? "mlmd-setup.sh was not run"
        command = environment["BENCH_COMMAND"].flatMap { $0.isEmpty ? nil : $0 }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    func runs(_ name: String, byDefault: Bool) -> Bool {
        only.map { name == $0 || name.hasPrefix("\($0)-") } ?? byDefault
    }

    var migrations: String { root + "/migrations" }
    /// How often each pair is measured: often and shortly, because a virtual disk's fdatasync may take forty times
    /// longer from one second to the next, and a pair must meet the same mood.
    var rounds: Int { isQuick ? 11 : 25 }
    /// How long one measurement lasts.
    var seconds: Double { isQuick ? 0.25 : 0.5 }

    /// A path in the folder with nothing there, neither the file nor SQLite's companions of it.
    func freshFile(_ name: String) throws -> String {
        let path = folder + "/" + name
        for suffix in ["", "-wal", "-shm", "-lock", "-journal"] where access(path + suffix, F_OK) == 0 {
            try FileManager.default.removeItem(atPath: path + suffix)
        }
        return path
    }
}
