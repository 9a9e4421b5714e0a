import ArtifactStoreTesting
import Foundation
import GRDB
import Testing

@testable import ArtifactStore

@Suite("Durability", .serialized)
struct DurabilityTests {
    private static let strace = "/usr/bin/strace"

    /// How often the log was synced between each two acknowledgements of one process, by strace.
    private func syncsBetweenAcknowledgements(_ durability: String) async throws -> [Int] {
        let folder = try TemporaryFolder()
        let trace = folder.path(of: "trace")
        let result = try await Driver.run(
            Self.strace,
            [
                "-f", "-y", "-e", "trace=fdatasync,fsync,write", "-o", trace, Driver.path, "lifecycle",
                folder.path(of: "a.sqlite"), "25", durability,
            ])
        #expect(result.status == 0, "\(result.errors)")
        var counts: [Int] = []
        var syncs = 0
        for line in try String(contentsOfFile: trace, encoding: .utf8).split(separator: "\n") {
            if line.contains("sync("), line.contains("a.sqlite-wal") {
                syncs += 1
            } else if line.contains("write(1<"), line.contains("pending ") || line.contains("completed ") {
                counts.append(syncs)
                syncs = 0
            }
        }
        return counts
    }

    @Test("The log is synced before each write is acknowledged", .enabled(if: canTrace, "strace is not installed"))
    func synced() async throws {
        let counts = try await syncsBetweenAcknowledgements("full")
        #expect(counts.count == 50)
        #expect(counts.allSatisfy { $0 >= 1 }, "\(counts)")
    }

    @Test(
        "Negative control: with synchronous = NORMAL the same count finds unsynced acknowledgements",
        .enabled(if: canTrace, "strace is not installed"))
    func control() async throws {
        let counts = try await syncsBetweenAcknowledgements("normal")
        #expect(counts.count == 50)
        #expect(counts.contains(0), "\(counts)")
    }

    private static let canTrace = FileManager.default.isExecutableFile(atPath: strace)

    @Test(
        "Whatever system call fails while committing, what was acknowledged is there and a repeat converges",
        .enabled(if: canTrace, "strace is not installed"),
        arguments: ["fdatasync:error=EIO", "pwrite64:error=ENOSPC", "pwrite64:error=EIO"])
    func failingCalls(fault: String) async throws {
        var unknown = 0
        for number in stride(from: 1, through: 60, by: 2) {
            let folder = try TemporaryFolder()
            let path = folder.path(of: "a.sqlite")
            try await ArtifactStore.open(at: path).close()
            let call = fault.prefix { $0 != ":" }
            let result = try await Driver.run(
                Self.strace,
                [
                    "-f", "-qq", "-o", "/dev/null", "-e", "trace=\(call)", "-e", "inject=\(fault):when=\(number)",
                    Driver.path, "lifecycle", path, "12", "full",
                ])
            // Before the store is open a failure ends the process; afterwards the repeated call converges.
            let isOpen = result.lines.contains("opened")
            #expect(isOpen ? result.status == 0 : result.lines.last?.hasPrefix("error ") == true, "\(result.output)")
            if isOpen { #expect(result.lines.filter { $0.hasPrefix("completed ") }.count == 12) }
            unknown += result.lines.filter { $0.hasPrefix("unknown ") }.count
            try await expectAcknowledged(result.lines, at: path)
        }
        #expect(unknown > 3, "hardly a failure reached a commit")
    }

    @Test("Killed at any moment, every acknowledged step is there after the restart")
    func killed() async throws {
        var generator = SeededGenerator(seed: 11)
        for _ in 0..<12 {
            let folder = try TemporaryFolder()
            let path = folder.path(of: "a.sqlite")
            let started = try Driver.start(Driver.path, ["lifecycle", path, "100000", "full"])
            let count = Int.random(in: 200...4000, using: &generator)
            let output = await Driver.aside {
                var output = Data()
                while output.count < count {
                    let chunk = started.output.fileHandleForReading.availableData
                    if chunk.isEmpty { break }
                    output += chunk
                }
                kill(started.process.processIdentifier, SIGKILL)
                output += started.output.fileHandleForReading.readDataToEndOfFile()
                started.process.waitUntilExit()
                return output
            }
            let text = String(decoding: output, as: UTF8.self)
            // The last line may be cut short by the kill.
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
            #expect(lines.count > 2)
            try await expectAcknowledged(lines, at: path)
        }
    }

    /// Everything the lines acknowledge is stored, and the file is sound.
    private func expectAcknowledged(_ lines: [String], at path: String) async throws {
        let store = try await ArtifactStore.open(at: path)
        for line in lines {
            let words = line.split(separator: " ")
            guard words.count == 2, words[0] == "pending" || words[0] == "completed" else { continue }
            let artifact = try await store.artifact(ArtifactID(String(words[1])))
            #expect(words[0] == "pending" || artifact.status == .completed, "\(line)")
        }
        let total = try await store.statistics().counts.total
        #expect(total >= lines.filter { $0.hasPrefix("pending ") }.count && total <= lines.count, "no write is doubled")
        let integrity = try await store.repository.database.read { db in
            try String.fetchAll(db, sql: "PRAGMA integrity_check")
        }
        #expect(integrity == ["ok"])
        try await store.close()
    }
}
