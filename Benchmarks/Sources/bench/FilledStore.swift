import ArtifactStore
import CWorkload
import Foundation

/// A store of finished artifacts: made by the library, filled by the C program.
struct FilledStore: Sendable {
    let path: String
    let count: Int

    /// Runs that are whole: all sixteen artifacts.
    var runs: Int { count / Workload.runSize }
    /// When the last artifact was created.
    var end: Timestamp { Timestamp(clamping: workload_fill_end()) }

    /// Makes it, or takes the one that an earlier run left in the folder.
    static func make(_ settings: Settings, count: Int, keep: Bool) async throws -> FilledStore {
        let name = "filled-\(count).sqlite"
        let path = settings.folder + "/" + name
        if keep, access(path, F_OK) == 0, let store = try? await usable(path, count: count) { return store }
        let draft = try settings.freshFile("draft.sqlite")
        try await ArtifactStore.open(at: draft).close()
        try CBaseline.fill(settings, file: draft, count: count)
        _ = try settings.freshFile(name)
        for suffix in ["-wal", "-shm", "-lock"] where access(draft + suffix, F_OK) == 0 {
            try FileManager.default.removeItem(atPath: draft + suffix)
        }
        try FileManager.default.moveItem(atPath: draft, toPath: path)
        return FilledStore(path: path, count: count)
    }

    /// A kept store has grown by what earlier runs measured; when that is more than a tenth, it is made again.
    private static func usable(_ path: String, count: Int) async throws -> FilledStore? {
        var options = StoreOptions()
        options.access = .readOnly
        let store = try await ArtifactStore.open(at: path, options: options)
        let newest = try await store.page(limit: 1).artifacts.first?.sequence ?? 0
        try await store.close()
        return (count...count + count / 10).contains(Int(newest)) ? FilledStore(path: path, count: count) : nil
    }

    func artifactId(_ number: Int) -> ArtifactID {
        let moment = workload_fill_end() - Int64(count - 1 - number) * Int64(workload_fill_step_ms)
        return ArtifactID(Workload.artifactId(moment: moment, number: UInt64(number)))
    }

    func runId(_ number: Int) -> String {
        Workload.runId(UInt64(number % runs))
    }
}
