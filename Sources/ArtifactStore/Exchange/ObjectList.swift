/// Walks through the completed artifacts of an export with the bytes that each has.
struct ObjectList: Sendable {
    struct Item: Sendable {
        let storage: ArtifactStorage
        let line: ObjectLine
    }

    private var artifacts: LineReader
    private var objects: LineReader

    /// Nil when the export has no objects.
    init?(_ folder: ExportFolder) throws {
        guard let entry = folder.manifest.objects else { return nil }
        artifacts = try folder.lines(folder.manifest.artifacts)
        objects = try folder.lines(entry)
    }

    /// The next ones, at most so many; none behind the last.
    ///
    /// - Throws: ``StoreError`` `invalidInput` when lines and artifacts do not agree.
    mutating func next(_ count: Int) throws -> [Item] {
        var items: [Item] = []
        while items.count < count, let line = try artifacts.next() {
            let artifact = try artifacts.value(of: line.bytes, number: line.number) {
                try ArtifactLine.parse($0)
            } text: {
                $0.text
            }.artifact
            guard let storage = artifact.storage else { continue }
            guard let object = try nextObject() else {
                throw StoreError.badExport(objects.entry.name, "has no line for artifact \(artifact.artifactId)")
            }
            let facts = storage.facts
            guard object.line.artifactId == artifact.artifactId,
                facts.byteCount == nil || facts.byteCount == object.line.byteCount,
                facts.sha256 == nil || facts.sha256 == object.line.sha256
            else {
                throw StoreError.badExport(
                    objects.entry.name, line: object.number,
                    "is not what line \(line.number) of \(artifacts.entry.name) says")
            }
            items.append(Item(storage: storage, line: object.line))
        }
        if items.isEmpty, let further = try nextObject() {
            throw StoreError.badExport(
                objects.entry.name, line: further.number, "belongs to no completed artifact")
        }
        return items
    }

    private mutating func nextObject() throws -> (line: ObjectLine, number: Int64)? {
        guard let line = try objects.next() else { return nil }
        let value = try objects.value(of: line.bytes, number: line.number) {
            try ObjectLine.parse($0)
        } text: {
            $0.text
        }
        return (value, line.number)
    }
}
