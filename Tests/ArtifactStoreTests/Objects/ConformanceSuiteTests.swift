import ArtifactStore
import ArtifactStoreTesting
import Foundation
import Synchronization
import Testing

@Suite("The conformance suite itself")
struct ConformanceSuiteTests {
    @Test("A storage in memory that obeys the laws passes", arguments: ObjectStorageConformance.checks)
    func passes(check: ObjectStorageConformance.Check) async throws {
        try await check.run(MemoryStorage(flaw: nil))
    }

    @Test("A storage that breaks one law is caught, and told which", arguments: MemoryStorage.Flaw.allCases)
    func catches(flaw: MemoryStorage.Flaw) async throws {
        var failures: [ConformanceFailure] = []
        for check in ObjectStorageConformance.checks {
            do {
                try await check.run(MemoryStorage(flaw: flaw))
            } catch let failure as ConformanceFailure {
                failures.append(failure)
            }
        }
        #expect(failures.contains { $0.description.contains("Law") && !$0.reason.isEmpty })
    }
}

/// Objects in a dictionary, with one flaw or none.
final class MemoryStorage: ObjectStorage {
    enum Flaw: String, CaseIterable {
        case overwrites, refusesRepeats, ignoresTheDigest, storesDamagedBytes, comparesLengthsOnly, losesTheLastByte
        case ignoresExpectations, ignoresExpectedDigest, findsNothing, inventsEmptyObjects, foldsCase, normalises, trims
        case matchesPrefixes, letsAllWin, throwsOtherErrors, storesThenThrowsWhenCancelled
    }

    let kind = "memory"
    let bucket = "test"
    private let flaw: Flaw?
    private let objects = Mutex<[[UInt8]: Data]>([:])

    init(flaw: Flaw?) {
        self.flaw = flaw
    }

    func put(_ bytes: Data, at key: ObjectKey, sha256: String) async throws {
        if flaw != .storesThenThrowsWhenCancelled { try Task.checkCancellation() }
        let isDamaged = Sample(bytes).sha256 != sha256
        if isDamaged, flaw != .ignoresTheDigest {
            if flaw == .storesDamagedBytes { objects.withLock { $0[name(key)] = bytes } }
            throw flaw == .throwsOtherErrors ? CocoaError(.fileWriteUnknown) : error(.objectDamaged)
        }
        let stored = flaw == .losesTheLastByte ? bytes.dropLast() : bytes
        let old = objects.withLock { $0[name(key)] }
        // Between looking and storing another caller may come: the flaw of every check-then-write.
        if flaw == .letsAllWin { try await Task.sleep(for: .milliseconds(5)) }
        try objects.withLock { objects in
            let old = flaw == .letsAllWin ? old : objects[name(key)]
            if let old, flaw != .overwrites {
                let isSame = flaw == .comparesLengthsOnly ? old.count == bytes.count : old == stored
                guard isSame, flaw != .refusesRepeats else { throw error(.objectExists) }
            }
            objects[name(key)] = Data(stored)
        }
        if flaw == .storesThenThrowsWhenCancelled { try Task.checkCancellation() }
    }

    func get(_ key: ObjectKey, expecting expected: ImageFacts) async throws -> Data {
        guard let bytes = find(key), flaw != .findsNothing else {
            if flaw == .inventsEmptyObjects { return Data() }
            throw error(.notFound)
        }
        guard flaw != .ignoresExpectations else { return bytes }
        if let count = expected.byteCount, count != bytes.count { throw error(.objectDamaged) }
        if let sha256 = expected.sha256, flaw != .ignoresExpectedDigest, Sample(bytes).sha256 != sha256 {
            throw error(.objectDamaged)
        }
        return bytes
    }

    func head(_ key: ObjectKey) async throws -> Int64? {
        find(key).map { Int64($0.count) } ?? (flaw == .inventsEmptyObjects ? 0 : nil)
    }

    private func find(_ key: ObjectKey) -> Data? {
        objects.withLock { objects in
            if flaw == .matchesPrefixes { return objects.first { $0.key.starts(with: name(key)) }?.value }
            return objects[name(key)]
        }
    }

    private func name(_ key: ObjectKey) -> [UInt8] {
        switch flaw {
        case .foldsCase: Array(key.text.lowercased().utf8)
        case .normalises: Array(key.text.precomposedStringWithCanonicalMapping.utf8)
        case .trims: Array(key.text.trimmingCharacters(in: .whitespaces).utf8)
        default: Array(key.text.utf8)
        }
    }

    private func error(_ code: StoreError.Code) -> StoreError {
        StoreError(code, "a test's storage refuses", hint: "None.")
    }
}
