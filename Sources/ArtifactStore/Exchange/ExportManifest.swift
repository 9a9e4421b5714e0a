/// `manifest.json`: what an export holds, so that a reader misses nothing and believes nothing it did not check.
struct ExportManifest: Sendable {
    /// One file of lines.
    struct File: Sendable, Equatable {
        let name: String
        /// How many lines it has.
        let count: Int64
        let byteCount: Int64
        let sha256: String
    }

    static let fileName = "manifest.json"
    static let artifactsName = "artifacts.ndjson"
    static let eventsName = "events.ndjson"
    static let catalogueName = "catalogue.ndjson"
    static let objectsName = "objects.ndjson"
    static let objectsFolder = "objects"
    static let format = "artifact-store-export"
    static let version: Int64 = 1
    /// More than any manifest takes.
    static let largestByteCount: Int64 = 65_536

    let schemaVersion: Int
    let artifacts: File
    let events: File
    /// Nil where the store had no catalogue.
    let catalogue: File?
    /// Nil in an export without objects.
    let objects: File?
    /// How many files the folder of objects has: artifacts with the same bytes share one.
    let objectFileCount: Int64

    /// Everything an export's folder holds.
    var names: Set<String> {
        var names: Set = [Self.fileName, artifacts.name, events.name]
        if let catalogue { names.insert(catalogue.name) }
        return objects == nil ? names : names.union([Self.objectsName, Self.objectsFolder])
    }

    /// The document. Its last member is the digest of the others, so that no change to it goes unnoticed.
    var text: String {
        var members: [JSONValue.Member] = [
            .init("format", .string(Self.format)), .init("version", .integer(Self.version)),
            .init("schemaVersion", .integer(schemaVersion)), .init("artifacts", artifacts.json),
            .init("events", events.json),
        ]
        if let catalogue { members.append(.init("catalogue", catalogue.json)) }
        if let objects {
            members.append(.init("objects", objects.json))
            members.append(.init("objectFileCount", .integer(objectFileCount)))
        }
        let digest = SHA256Hex.of(JSONValue.object(members).compactText.utf8)
        members.append(.init("manifestSha256", .string(digest)))
        return JSONValue.object(members).prettyText + "\n"
    }
}

extension ExportManifest {
    /// Reads a manifest.
    ///
    /// - Throws: ``StoreError`` `storeTooNew` for a format or schema that this program does not know yet,
    ///   `invalidInput` for anything else that is not as ``text`` writes it.
    static func parse(_ bytes: [UInt8], newestSchema: Int) throws -> ExportManifest {
        do {
            let json = try JSONParser.parse(bytes)
            guard json["format"]?.string == format else {
                throw StoreError.invalid("format", "is not \(format)", hint: "Give the folder of an export.")
            }
            try checkVersions(json, newestSchema)
            let manifest = try parse(json)
            guard Array(manifest.text.utf8) == bytes else {
                throw StoreError.invalid("the text", "is not what was exported", hint: "Its digest differs.")
            }
            return manifest
        } catch let failure as JSONParser.Failure {
            throw StoreError.badExport(fileName, "is no JSON: \(failure)")
        } catch let error as StoreError where error.code == .invalidInput {
            throw StoreError.badExport(fileName, "is refused: \(error.message)")
        }
    }

    private static func checkVersions(_ json: JSONValue, _ newestSchema: Int) throws(StoreError) {
        for (name, known) in [("version", version), ("schemaVersion", Int64(newestSchema))] {
            guard let number = json[name]?.integer, number >= 1 else {
                throw .invalid(name, "is no version", hint: "Versions count from 1.")
            }
            guard number <= known else {
                throw StoreError(
                    .storeTooNew, "the export has \(name) \(number); this program knows \(known)",
                    hint: "Import it with the program that exported it, or a newer one.")
            }
        }
    }

    private static func parse(_ json: JSONValue) throws -> ExportManifest {
        let fields = try JSONFields(
            json, "manifest",
            known: [
                "format", "version", "schemaVersion", "artifacts", "events", "catalogue", "objects",
                "objectFileCount", "manifestSha256",
            ])
        return ExportManifest(
            schemaVersion: Int(try fields.number("schemaVersion")),
            artifacts: try file(fields.required("artifacts"), artifactsName),
            events: try file(fields.required("events"), eventsName),
            catalogue: try fields.value("catalogue").map { try file($0, catalogueName) },
            objects: try fields.value("objects").map { try file($0, objectsName) },
            objectFileCount: try fields.integer("objectFileCount") ?? 0)
    }

    /// The names are fixed: none that a manifest gives is ever opened.
    private static func file(_ json: JSONValue, _ name: String) throws -> File {
        let fields = try JSONFields(json, name, known: ["file", "count", "byteCount", "sha256"])
        guard try fields.requiredText("file").utf8.elementsEqual(name.utf8) else {
            throw StoreError.invalid("the name of \(name)", "is another one", hint: "Names are fixed.")
        }
        return File(
            name: name, count: try fields.number("count"), byteCount: try fields.number("byteCount"),
            sha256: try fields.requiredText("sha256"))
    }
}

extension ExportManifest.File {
    fileprivate var json: JSONValue {
        .object(fields: [
            ("file", .string(name)), ("count", .integer(count)), ("byteCount", .integer(byteCount)),
            ("sha256", .string(sha256)),
        ])
    }
}

extension StoreError {
    /// What is wrong with an export, and where.
    static func badExport(_ file: String, line: Int64? = nil, _ reason: String) -> StoreError {
        let place = line.map { "\(file), line \($0)" } ?? file
        return StoreError(
            .invalidInput, "\(place) \(reason)",
            hint: "The export is not what was exported: nothing was imported. Export again, or copy it again.")
    }
}
