/// One completed artifact's object, compared with its record.
struct ObjectInspection: Sendable {
    /// How many objects are looked up, or read, at once.
    static let lookUpsAtOnce = 16
    static let readsAtOnce = 4

    let repository: ArtifactRepository
    let readsBytes: Bool

    var atOnce: Int { readsBytes ? Self.readsAtOnce : Self.lookUpsAtOnce }

    /// What is wrong with an object; nil when nothing is.
    ///
    /// - Throws: ``StoreError`` when the storage or the database cannot tell; or `CancellationError`.
    func finding(_ object: StoredObject, in storage: any ObjectStorage) async throws -> ObjectFinding? {
        guard let finding = try await compare(object, in: storage) else { return nil }
        // The artifact may have been deleted meanwhile, and its object after it.
        let standing = try await repository.standing(
            of: object.reference.objectKey.text, in: object.reference.bucketName)
        return standing == .referenced(object) ? finding : nil
    }

    private func compare(_ object: StoredObject, in storage: any ObjectStorage) async throws -> ObjectFinding? {
        let key = object.reference.objectKey
        func finding(_ kind: ObjectFinding.Kind, _ byteCount: Int64?) -> ObjectFinding {
            ObjectFinding(
                kind, key.text, object.artifactId, byteCount: byteCount, recordedByteCount: object.byteCount)
        }
        guard let byteCount = try await storage.head(key) else { return finding(.missingObject, nil) }
        guard byteCount == object.byteCount ?? byteCount else { return finding(.sizeMismatch, byteCount) }
        guard readsBytes, object.sha256 != nil else { return nil }
        return switch try await storage.comparison(of: key, with: object.facts) {
        case .equal: nil
        case .damaged: finding(.hashMismatch, byteCount)
        case .missing: finding(.missingObject, nil)
        case .unreadable: finding(.unreadableObject, byteCount)
        }
    }
}

/// What reading an object's bytes led to.
enum ObjectComparison {
    case equal, damaged, missing, unreadable
}

extension ObjectStorage {
    /// Reads an object and compares it with what is known of it. One that cannot be read is tried again when the storage
    /// still answers for it: a bad sector, or a size that this storage does not read, must not hide all other objects.
    ///
    /// - Throws: What `head` throws: the storage is out of reach.
    func comparison(of key: ObjectKey, with facts: ImageFacts) async throws -> ObjectComparison {
        if let comparison = try await read(key, facts) { return comparison }
        guard try await head(key) != nil else { return .missing }
        return try await read(key, facts) ?? .unreadable
    }

    /// Nil when the storage could not.
    private func read(_ key: ObjectKey, _ facts: ImageFacts) async throws -> ObjectComparison? {
        do {
            try await verify(key, expecting: facts)
            return .equal
        } catch let error as StoreError {
            switch error.code {
            case .objectDamaged: return .damaged
            case .notFound: return .missing
            case .objectStorage: return nil
            default: throw error
            }
        }
    }
}
