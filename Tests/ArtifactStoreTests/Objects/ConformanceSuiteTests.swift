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
        case matchesPrefixes, letsAllWin, throwsOtherErrors, storesThenThrowsWhenCancelled, verifiesNothing
        case deletesNothing, deletesWhatBeginsSo, refusesToDeleteNothing, listsOnePage, listsByPosition, listsTwice
        case takesAnyLimit, copies, movesOver, refusesToMoveAgain, movesNothing
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

    func verify(_ key: ObjectKey, expecting expected: ImageFacts) async throws {
        if flaw != .verifiesNothing { _ = try await get(key, expecting: expected) }
    }

    func delete(_ key: ObjectKey) async throws {
        try objects.withLock { objects in
            if flaw == .deletesNothing { return }
            if flaw == .deletesWhatBeginsSo { objects = objects.filter { !$0.key.starts(with: name(key)) } }
            let old = objects.removeValue(forKey: name(key))
            if old == nil, flaw == .refusesToDeleteNothing { throw error(.notFound) }
        }
    }

    func list(after cursor: String?, limit: Int) async throws -> ObjectPage {
        guard (1...10_000).contains(limit) || flaw == .takesAnyLimit else { throw error(.invalidInput) }
        let all = objects.withLock { objects in
            objects.map { (String(decoding: $0.key, as: UTF8.self), Int64($0.value.count)) }
        }
        let sorted = all.sorted { $0.0.utf8.lexicographicallyPrecedes($1.0.utf8) }
        let start =
            flaw == .listsByPosition
            ? min(cursor.flatMap { Int($0) } ?? 0, sorted.count)
            : cursor.map { cursor in
                sorted.firstIndex { cursor.utf8.lexicographicallyPrecedes($0.0.utf8) } ?? sorted.count
            } ?? 0
        let end = min(start + max(limit, 1), sorted.count)
        let page = sorted[(flaw == .listsTwice ? max(start - 1, 0) : start)..<end].suffix(max(limit, 1))
        let next = flaw == .listsByPosition ? String(end) : end == start ? nil : sorted[end - 1].0
        return ObjectPage(
            objects: page.map { ListedObject(key: $0.0, byteCount: $0.1, modifiedAt: .earliest) },
            next: flaw == .listsOnePage || end == sorted.count ? nil : next)
    }

    func move(_ key: ObjectKey, to newKey: ObjectKey) async throws {
        try objects.withLock { objects in
            if flaw == .movesNothing { return }
            let (old, there) = (objects[name(key)], objects[name(newKey)])
            guard key != newKey, let old else {
                guard there != nil, flaw != .refusesToMoveAgain else { throw error(.notFound) }
                return
            }
            guard there == nil || there == old || flaw == .movesOver else { throw error(.objectExists) }
            objects[name(newKey)] = old
            if flaw != .copies { objects[name(key)] = nil }
        }
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
