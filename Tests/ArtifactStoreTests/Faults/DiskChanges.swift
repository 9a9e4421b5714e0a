import ArtifactStoreTesting

/// What happened to the files of a folder, call by call, and what a crash may leave of it.
///
/// A disk keeps what was synced. What was written since may be there or not, whole or in part, in any order; names
/// (made, renamed, removed) come back in the order in which they were given, up to some point.
struct DiskChanges: Sendable {
    enum Change: Sendable {
        case write(String, at: Int, [UInt8])
        case truncate(String, to: Int)
        case create(String)
        case remove(String)
        case rename(String, to: String)
        case sync(String)
        case syncFolder
    }

    /// How a crash treats what was not synced.
    enum Loss: CaseIterable, Sendable {
        /// The process dies, the machine goes on: nothing is lost.
        case nothing
        /// Power fails, and nothing unsynced was written yet.
        case everything
        /// Power fails; the names were written, the bytes were not.
        case bytes
        /// Power fails; some of it was written, some of that in part.
        case some
    }

    /// The files there were at the start, by name.
    let start: [String: [UInt8]]
    private(set) var changes: [Change] = []
    /// The names that files have after all changes.
    private(set) var names: Set<String>

    init(start: [String: [UInt8]]) {
        self.start = start
        names = Set(start.keys)
    }

    mutating func append(_ change: Change) {
        changes.append(change)
        switch change {
        case .create(let name): names.insert(name)
        case .remove(let name): names.remove(name)
        case .rename(let name, let newName):
            names.remove(name)
            names.insert(newName)
        default: break
        }
    }

    /// The files as a crash after the first `count` changes leaves them.
    func files(after count: Int, losing loss: Loss) -> [String: [UInt8]] {
        var disk = Disk(start)
        for change in changes.prefix(count) { disk.apply(change) }
        return disk.afterCrash(loss, seed: UInt64(count))
    }
}

private struct Disk {
    private struct File {
        var synced: [UInt8]
        var unsynced: [DiskChanges.Change] = []
    }

    private typealias Names = [String: Int]

    private var files: [File] = []
    private var names: Names = [:]
    /// The states of the names since the folder was synced; the first one is durable.
    private var states: [Names]

    init(_ start: [String: [UInt8]]) {
        for (name, bytes) in start {
            names[name] = files.count
            files.append(File(synced: bytes))
        }
        states = [names]
    }

    mutating func apply(_ change: DiskChanges.Change) {
        switch change {
        case .write(let name, _, _), .truncate(let name, _):
            if let file = names[name] { files[file].unsynced.append(change) }
        case .create(let name):
            names[name] = files.count
            files.append(File(synced: []))
            states.append(names)
        case .remove(let name):
            names[name] = nil
            states.append(names)
        case .rename(let name, let newName):
            names[newName] = names[name]
            names[name] = nil
            states.append(names)
        case .sync(let name):
            guard let file = names[name] else { return }
            files[file].synced = Self.applied(files[file].unsynced, to: files[file].synced)
            files[file].unsynced = []
            // SQLite syncs the folder with the first sync of a log or journal that it made.
            if name.hasSuffix("-wal") || name.hasSuffix("-journal") { states = [names] }
        case .syncFolder:
            states = [names]
        }
    }

    func afterCrash(_ loss: DiskChanges.Loss, seed: UInt64) -> [String: [UInt8]] {
        var random = SeededGenerator(seed: seed)
        let names: Names
        switch loss {
        case .nothing, .bytes: names = self.names
        case .everything: names = states[0]
        case .some: names = states[Int(random.next() % UInt64(states.count))]
        }
        // In the order of their names, so that a seed gives one image.
        return names.sorted { $0.key < $1.key }.reduce(into: [:]) { images, entry in
            let file = files[entry.value]
            switch loss {
            case .nothing: images[entry.key] = Self.applied(file.unsynced, to: file.synced)
            case .everything, .bytes: images[entry.key] = file.synced
            case .some:
                let survivors = file.unsynced.compactMap { Self.survivor(of: $0, &random) }
                images[entry.key] = Self.applied(survivors, to: file.synced)
            }
        }
    }

    /// The whole change, its first sectors, or nothing.
    private static func survivor(of change: DiskChanges.Change, _ random: inout SeededGenerator) -> DiskChanges.Change?
    {
        let chance = random.next() % 4
        if chance == 0 { return nil }
        guard chance == 1, case .write(let name, let offset, let bytes) = change, bytes.count > 512 else {
            return change
        }
        return .write(name, at: offset, Array(bytes.prefix(512 * Int(random.next() % UInt64(bytes.count / 512)))))
    }

    private static func applied(_ changes: [DiskChanges.Change], to bytes: [UInt8]) -> [UInt8] {
        var result = bytes
        func grow(to size: Int) {
            if result.count < size { result += [UInt8](repeating: 0, count: size - result.count) }
        }
        for change in changes {
            if case .write(_, let offset, let bytes) = change {
                grow(to: offset + bytes.count)
                result.replaceSubrange(offset..<(offset + bytes.count), with: bytes)
            } else if case .truncate(_, let size) = change {
                grow(to: size)
                result.removeLast(result.count - size)
            }
        }
        return result
    }
}
