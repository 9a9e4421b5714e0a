/// An export that was made and read back.
public struct ExportReport: Sendable {
    /// Where it is.
    public let folder: String
    /// The schema version of the store.
    public let schemaVersion: Int
    /// How many artifacts it holds.
    public let artifactCount: Int64
    /// How many events it holds.
    public let eventCount: Int64
    /// How many artifacts have their bytes in it; nil without objects.
    public let objectCount: Int64?
    /// How many revisions of the model catalogue it holds.
    public let catalogueRevisionCount: Int64

    init(folder: String, _ manifest: ExportManifest) {
        self.folder = folder
        schemaVersion = manifest.schemaVersion
        artifactCount = manifest.artifacts.count
        eventCount = manifest.events.count
        objectCount = manifest.objects?.count
        catalogueRevisionCount = manifest.catalogue?.count ?? 0
    }
}

/// An import that was committed.
public struct ImportReport: Sendable {
    /// How many artifacts were new to the store.
    public let importedCount: Int64
    /// How many were there already, the same in everything.
    public let skippedCount: Int64
    /// How many were deleted in this store, and stay so.
    public let deletedCount: Int64
    /// How many events the new ones brought.
    public let eventCount: Int64
    /// How many objects were put, or were there already; nil when the export has none or the store keeps none.
    public let objectCount: Int64?
    /// How many revisions of the model catalogue were new to the store.
    public let catalogueRevisionCount: Int64
}
