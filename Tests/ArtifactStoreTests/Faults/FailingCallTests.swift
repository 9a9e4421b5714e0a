import ArtifactStoreTesting
import Foundation
import Testing

@testable import ArtifactStore

/// What becomes of a store when one call fails, or the disk is full from there on: for every call there is.
@Suite("A failure of every call")
struct FailingCallTests {
    @Test(
        "leaves the old store or the new one, an error that says why, and a second try that works",
        arguments: try await StoreOperation.all())
    func everyCall(operation: StoreOperation) async throws {
        let whole = try FaultyDisk(operation.start)
        try await operation.run(whole)
        var (points, refused) = (0, 0)
        let failures = (1...whole.count).map { FaultyDisk.Failure.once($0) } + whole.changing.map { .full(from: $0) }
        for failure in failures {
            let disk = try FaultyDisk(operation.start, failing: failure)
            let error = await Self.error { try await operation.run(disk) }
            points += 1
            disk.heal()
            do {
                try await Self.check(operation, disk, error)
            } catch {
                Issue.record("\(failure), \(disk.failed): \(error)")
            }
            if error != nil { refused += 1 }
        }
        #expect(refused > points / 2)
        print("\(operation.testDescription): \(points) failing calls, \(refused) of them reported as an error")
    }

    private static func check(_ operation: StoreOperation, _ disk: FaultyDisk, _ error: (any Error)?) async throws {
        guard let error else {
            _ = try operation.check(disk.folder, finished: true)
            return
        }
        let code = (error as? StoreError)?.code
        #expect(code.map(operation.errors.contains) == true, "\(disk.failed) gave \(error)")
        _ = try operation.check(disk.folder)
        let wasTaken = operation.neverOverwritten.map { FileManager.default.fileExists(atPath: disk.path(of: $0)) }
        let again = await Self.error { try await operation.run(disk) }
        if wasTaken == true {
            // What failed came behind the rename: the name was to be synced. The file has it, whole, and a second try
            // must not touch it. Nothing else may ever be called a conflict.
            #expect((again as? StoreError)?.code == .conflict, "\(disk.failed)")
        } else {
            #expect(again == nil, "\(disk.failed), then \(again.map { "\($0)" } ?? "")")
        }
        _ = try operation.check(disk.folder, finished: true)
    }

    private static func error(_ work: () async throws -> Void) async -> (any Error)? {
        do {
            try await work()
            return nil
        } catch {
            return error
        }
    }
}
