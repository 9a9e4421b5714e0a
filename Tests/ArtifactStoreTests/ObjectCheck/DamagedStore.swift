import ArtifactStoreTesting
import Foundation

@testable import ArtifactStore

/// A store beside a folder of objects in which things went wrong, and what is to be said and done about each of them.
struct DamagedStore: Sendable {
    /// What may be the matter with an artifact or an object.
    enum Situation: CaseIterable {
        case intact, missing, truncated, flipped
        case oldOrphan, youngOrphan, supersededClaim, hashedRun, hashedId, putAfterDeletion
        case livePending, oldPending
        case foreign, foreignRun, foreignToken, foreignQuarantine
        case quarantined, longQuarantined, quarantinedByAWrongClock, quarantinedThoughReferenced, quarantinedTwice,
            waitingForRemoval
    }

    struct Expectation: Equatable {
        let kind: ObjectFinding.Kind
        let action: ObjectFinding.Action?
        /// Where the object is after the plan was applied; nil where it is gone.
        var place: String?
    }

    let temporary: TemporaryStore
    let storage: DirectoryObjectStorage
    /// What is to be found, by key.
    private(set) var expectations: [String: Expectation] = [:]
    /// Keys that artifacts refer to, whose bytes are the recorded ones before or after the plan.
    private(set) var referenced: [String: Data] = [:]

    var store: ArtifactStore { temporary.store }
    var root: String { temporary.folder.path(of: "objects/renders") }
    var plan: String { temporary.folder.path(of: "plan") }

    /// When old things happened, and what time it is.
    static let long = Timestamp(clamping: 1_767_225_600_000)
    /// When what is in quarantine for long was stored.
    static let before = long.advanced(by: .seconds(-40 * 86_400))
    static let now = long.advanced(by: .seconds(3 * 86_400))

    init(_ situations: [Situation]) async throws {
        let clock = ManualClock(at: Self.long)
        let folder = try TemporaryFolder()
        storage = try DirectoryObjectStorage(root: folder.path(of: "objects"), bucket: "renders")
        temporary = try await TemporaryStore.open(in: folder, clock: clock, objects: storage)
        var early: [Int: Claim] = [:]
        for (index, situation) in situations.enumerated()
        where situation == .oldPending || situation == .supersededClaim {
            early[index] = try await temporary.claim(run: "run_\(index)", key: "early")
        }
        clock.now = Self.now
        for (index, situation) in situations.enumerated() {
            try await add(situation, index, early[index])
        }
    }

    /// The same folder in another place, with every file's time.
    func copy() async throws -> DamagedStore {
        let folder = try TemporaryFolder()
        _ = try await Driver.run("/bin/cp", ["-a", temporary.folder.path + "/.", folder.path])
        return DamagedStore(
            temporary: try await Self.open(folder, clock: temporary.clock, storage: Self.storage(in: folder)),
            storage: try Self.storage(in: folder), expectations: expectations, referenced: referenced)
    }

    /// The same store over another storage.
    func open(_ storage: any ObjectStorage) async throws -> ArtifactStore {
        try await Self.open(temporary.folder, clock: temporary.clock, storage: storage).store
    }

    private static func storage(in folder: TemporaryFolder) throws -> DirectoryObjectStorage {
        try DirectoryObjectStorage(root: folder.path(of: "objects"), bucket: "renders")
    }

    /// Nothing that looks at objects needs to write to the database.
    private static func open(
        _ folder: TemporaryFolder, clock: ManualClock, storage: any ObjectStorage
    ) async throws -> TemporaryStore {
        try await TemporaryStore.open(in: folder, clock: clock, objects: storage) { $0.access = .readOnly }
    }

    private init(
        temporary: TemporaryStore, storage: DirectoryObjectStorage, expectations: [String: Expectation],
        referenced: [String: Data]
    ) {
        (self.temporary, self.storage) = (temporary, storage)
        (self.expectations, self.referenced) = (expectations, referenced)
    }

    // MARK: - Making them

    private mutating func add(_ situation: Situation, _ index: Int, _ early: Claim?) async throws {
        let (run, bytes) = ("run_\(index)", SampleImage.png(shade: UInt8(truncatingIfNeeded: index)))
        switch situation {
        case .intact: _ = try await completed(run, bytes)
        case .missing:
            let key = try await completed(run, bytes)
            try remove(key)
            referenced[key] = nil
            expectations[key] = Expectation(kind: .missingObject, action: nil)
        case .truncated:
            let key = try await completed(run, bytes)
            try write(bytes.dropLast(3), key, at: Self.long)
            referenced[key] = nil
            expectations[key] = Expectation(kind: .sizeMismatch, action: nil, place: key)
        case .flipped:
            let key = try await completed(run, bytes)
            var other = bytes
            other[40] ^= 1
            try write(other, key, at: Self.long)
            referenced[key] = nil
            expectations[key] = Expectation(kind: .hashMismatch, action: nil, place: key)
        case .oldOrphan: try await orphan(run, bytes)
        case .hashedRun: try await orphan("run \(index) with spaces", bytes)
        case .youngOrphan: try write(bytes, try await failed(run), at: Self.now.advanced(by: .seconds(-86_399)))
        case .supersededClaim:
            guard let early else { return }
            _ = try await completed(run, bytes, key: "early")
            try write(bytes, early.objectKey.text, at: Self.long)
            expect(.unreferencedObject, .quarantine, early.objectKey.text, Self.aside(early.objectKey.text))
        case .hashedId:
            let claim = try await store.begin(Fixture.request, for: run, artifactId: ArtifactID("odd id \(index)"))
                .claim
            try await store.fail(claim, Fixture.failure)
            try write(bytes, claim.objectKey.text, at: Self.long)
            expect(.foreignObject, nil, claim.objectKey.text)
        case .putAfterDeletion:
            let key = try await completed(run, bytes)
            try await store.delete(ArtifactID(String(key.split(separator: "/")[1])))
            referenced[key] = nil
            try write(bytes, key, at: Self.long)
            expect(.unreferencedObject, .quarantine, key, Self.aside(key))
        case .livePending:
            try write(bytes, try await temporary.claim(run: run).objectKey.text, at: Self.long)
        case .oldPending:
            guard let early else { return }
            try write(bytes, early.objectKey.text, at: Self.long)
            expect(.unfinishedObject, nil, early.objectKey.text)
        case .foreign:
            for key in ["other/\(index).txt", "run_\(index)/art_unknown/1", "quarantine/\(index)", "top-\(index)"] {
                try write(bytes, key, at: Self.long)
                expect(.foreignObject, nil, key)
            }
        case .foreignRun:
            let claim = try await temporary.claim(run: run)
            try await store.fail(claim, Fixture.failure)
            try foreign("another/\(claim.artifactId)/1", bytes)
        case .foreignToken:
            let claim = try await temporary.claim(run: run)
            try await store.fail(claim, Fixture.failure)
            try foreign("\(run)/\(claim.artifactId)/2", bytes)
        case .foreignQuarantine:
            let key = "quarantine/2020-01-01/run_\(index)/art_unknown/1"
            try write(bytes, key, at: Self.long)
            expect(.quarantinedObject, nil, key)
        case .quarantined:
            let key = "quarantine/2025-12-05/\(try await failed(run))"
            try write(bytes, key, at: Self.before)
            expect(.quarantinedObject, nil, key)
        case .longQuarantined:
            let key = "quarantine/2025-12-04/\(try await failed(run))"
            try write(bytes, key, at: Self.before)
            expect(.quarantinedObject, .delete, key, nil)
        case .quarantinedByAWrongClock:
            let key = "quarantine/2025-01-01/\(try await failed(run))"
            try write(bytes, key, at: Self.long)
            expect(.quarantinedObject, nil, key)
        case .quarantinedThoughReferenced:
            let key = try await completed(run, bytes)
            try remove(key)
            try write(bytes, "quarantine/2025-01-01/\(key)", at: Self.long)
            expect(.restorableObject, .restore, "quarantine/2025-01-01/\(key)", key)
            expectations[key] = Expectation(kind: .missingObject, action: nil)
        case .quarantinedTwice:
            // What is left when moving back ends between the two names.
            let key = try await completed(run, bytes)
            try write(bytes, "quarantine/2025-01-01/\(key)", at: Self.long)
            expect(.restorableObject, .restore, "quarantine/2025-01-01/\(key)", key)
        case .waitingForRemoval:
            let key = try await completed(run, bytes)
            let other = try await TemporaryStore.open(
                in: temporary.folder, clock: temporary.clock, objects: Unreachable())
            try await other.store.delete(ArtifactID(String(key.split(separator: "/")[1])))
            try await other.store.close()
            try write(bytes, key, at: Self.long)
            referenced[key] = nil
        }
    }

    private mutating func expect(
        _ kind: ObjectFinding.Kind, _ action: ObjectFinding.Action?, _ key: String, _ place: String?
    ) {
        expectations[key] = Expectation(kind: kind, action: action, place: place)
    }

    private mutating func expect(_ kind: ObjectFinding.Kind, _ action: ObjectFinding.Action?, _ key: String) {
        expect(kind, action, key, key)
    }

    private mutating func foreign(_ key: String, _ bytes: Data) throws {
        try write(bytes, key, at: Self.long)
        expect(.foreignObject, nil, key)
    }

    private mutating func orphan(_ run: String, _ bytes: Data) async throws {
        let key = try await failed(run)
        try write(bytes, key, at: Self.long)
        expect(.unreferencedObject, .quarantine, key, Self.aside(key))
    }

    private mutating func completed(_ run: String, _ bytes: Data, key: String? = nil) async throws -> String {
        let claim = try await temporary.claim(run: run, key: key)
        try await store.complete(claim, storing: bytes, execution: Fixture.execution)
        referenced[claim.objectKey.text] = bytes
        return claim.objectKey.text
    }

    private func failed(_ run: String) async throws -> String {
        let claim = try await temporary.claim(run: run)
        try await store.fail(claim, Fixture.failure)
        return claim.objectKey.text
    }

    static func aside(_ key: String) -> String { "quarantine/\(now.description.prefix(10))/\(key)" }

    // MARK: - The folder

    func write(_ bytes: Data, _ key: String, at moment: Timestamp) throws {
        let path = "\(root)/\(key)"
        try FileManager.default.createDirectory(
            atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try bytes.write(to: URL(fileURLWithPath: path))
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: Double(moment.milliseconds) / 1000)], ofItemAtPath: path)
    }

    func remove(_ key: String) throws {
        try FileManager.default.removeItem(atPath: "\(root)/\(key)")
    }

    /// All objects by their keys.
    func objects() throws -> [String: Data] {
        var objects: [String: Data] = [:]
        for key in (FileManager.default.enumerator(atPath: root)?.allObjects as? [String]) ?? [] {
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: "\(root)/\(key)", isDirectory: &isFolder), !isFolder.boolValue
            else { continue }
            objects[key] = try Data(contentsOf: URL(fileURLWithPath: "\(root)/\(key)"))
        }
        return objects
    }

    /// What the objects are to be after the plan was applied to these.
    func applied(to objects: [String: Data]) -> [String: Data] {
        var objects = objects
        for (key, expectation) in expectations where expectation.action != nil {
            let bytes = objects.removeValue(forKey: key)
            if let place = expectation.place { objects[place] = bytes }
        }
        return objects
    }

    func planLines() throws -> [String] {
        String(decoding: try Data(contentsOf: URL(fileURLWithPath: plan)), as: UTF8.self)
            .split(separator: "\n").map(String.init)
    }

    /// What the plan says, by key.
    func findings() throws -> [String: Expectation] {
        try planLines().map { try JSONParser.parse($0) }.filter { $0["finding"] != nil }.reduce(into: [:]) {
            let finding = try ObjectFinding($1)
            $0[finding.key] = Expectation(
                kind: finding.kind, action: finding.action, place: expectations[finding.key]?.place)
        }
    }

    static var options: ObjectCheckOptions {
        var options = ObjectCheckOptions()
        options.readsBytes = true
        options.pageSize = 3
        return options
    }

    @discardableResult
    func check(_ store: ArtifactStore? = nil, _ options: ObjectCheckOptions = options) async throws -> ObjectCheckReport
    {
        try await (store ?? self.store).checkObjects(writingPlanTo: plan, options: options)
    }
}

/// A storage in which every call fails.
struct Unreachable: ObjectStorage {
    let kind = "directory"
    let bucket = "renders"

    func put(_ bytes: Data, at key: ObjectKey, sha256: String) async throws {
        throw FaultyObjectStorage.unreachable
    }
    func get(_ key: ObjectKey, expecting expected: ImageFacts) async throws -> Data {
        throw FaultyObjectStorage.unreachable
    }
    func verify(_ key: ObjectKey, expecting expected: ImageFacts) async throws {
        throw FaultyObjectStorage.unreachable
    }
    func head(_ key: ObjectKey) async throws -> Int64? { throw FaultyObjectStorage.unreachable }
    func delete(_ key: ObjectKey) async throws { throw FaultyObjectStorage.unreachable }
    func list(after cursor: String?, limit: Int) async throws -> ObjectPage { throw FaultyObjectStorage.unreachable }
    func move(_ key: ObjectKey, to newKey: ObjectKey) async throws { throw FaultyObjectStorage.unreachable }
}
