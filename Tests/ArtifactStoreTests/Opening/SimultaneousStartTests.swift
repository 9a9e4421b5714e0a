import ArtifactStoreTesting
import Foundation
import GRDB
import Testing

@testable import ArtifactStore

@Suite("Eight processes that start at one moment", .serialized)
struct SimultaneousStartTests {
    private static let newest = MigrationHistory.embedded.newestVersion

    /// Has eight processes open one store after the other, each time together.
    ///
    /// - Parameter prepare: Makes what is there before, at a path.
    /// - Returns: What each process said of each start.
    private func starts(
        _ count: Int, of program: String, in folder: TemporaryFolder, after prepare: (String) throws -> Void = { _ in }
    ) async throws -> [String] {
        let processes = try (0..<8).map { _ in try Driver.start(Driver.path, ["starts", program]) }
        for process in processes { #expect(await process.line() == "ready") }
        var answers: [String] = []
        for number in 0..<count {
            let path = folder.path(of: "\(number).sqlite")
            try prepare(path)
            for process in processes {
                try process.input.fileHandleForWriting.write(contentsOf: Data("\(path)\n".utf8))
            }
            for process in processes { answers.append(await process.line() ?? "died") }
        }
        for process in processes {
            try process.input.fileHandleForWriting.close()
            #expect(await process.finish().status == 0)
        }
        return answers
    }

    /// The slowest start, in milliseconds.
    private func slowest(_ answers: [String]) throws -> Double {
        try answers.map { try #require(Double($0.dropFirst("started ".count)), "\($0)") }.max() ?? 0
    }

    @Test("On a fresh path, 200 times: all start, and each migration is applied once")
    func fresh() async throws {
        let folder = try TemporaryFolder()
        let answers = try await starts(200, of: "store", in: folder)
        let slowest = try slowest(answers)
        #expect(answers.count == 1600)
        #expect(slowest < 5000)
        for number in 0..<200 { try expectOneOfEach(folder.path(of: "\(number).sqlite")) }
        print("1600 starts on 200 fresh paths, the slowest took \(Int(slowest)) ms")
    }

    @Test("On a store of version 1, 200 times: all start, each migration is applied once, and one backup is made")
    func old() async throws {
        let folder = try TemporaryFolder()
        let store = Data(try SmallStore.bytes(version: 1))
        let answers = try await starts(200, of: "store", in: folder) { try store.write(to: URL(fileURLWithPath: $0)) }
        let slowest = try slowest(answers)
        #expect(answers.count == 1600)
        #expect(slowest < 5000)
        for number in 0..<200 { try expectOneOfEach(folder.path(of: "\(number).sqlite")) }
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(names.count { $0.hasSuffix(".backup") } == 200)
        print("1600 starts on 200 stores of version 1, the slowest took \(Int(slowest)) ms")
    }

    private func expectOneOfEach(_ path: String) throws {
        let queue = try DatabaseQueue(path: path)
        let versions = try queue.read { db in try Int.fetchAll(db, sql: "SELECT version FROM schemaMigration") }
        #expect(versions == Array(1...Self.newest))
        try queue.close()
    }

    @Test("Negative control: GRDB's own migrator fails some of such starts")
    func grdb() async throws {
        let answers = try await starts(60, of: "grdb", in: TemporaryFolder())
        let failed = answers.count { $0.hasPrefix("failed") }
        #expect(failed > 0)
        print("GRDB's migrator: \(failed) of \(answers.count) starts failed")
    }
}
