/// The artifact and the token that an object's key was made of.
struct ClaimKey {
    let artifactId: ArtifactID
    let fencingToken: Int64

    /// Nil for a key that no claim has, and for one whose artifact id was hashed: it leads back to nothing.
    init?(_ key: String) {
        let segments = key.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard segments.count == 3, let token = Int64(String(decoding: segments[2], as: UTF8.self)), token > 0 else {
            return nil
        }
        artifactId = ArtifactID(String(decoding: segments[1], as: UTF8.self))
        fencingToken = token
    }

    /// Whether that artifact's claim in that run has exactly this key.
    func leads(from key: String, toRun run: String) -> Bool {
        let claim = Claim(
            artifactId: artifactId, parentRunId: run, owner: "", fencingToken: fencingToken, expiresAt: .earliest)
        return claim.objectKey.text.utf8.elementsEqual(key.utf8)
    }
}

/// The key of an object that was put aside: `quarantine/`, the day in UTC, and the key it had.
struct QuarantinedKey {
    static let folder = "quarantine"

    let key: ObjectKey
    let original: ObjectKey
    /// The first moment of the next day: it was put aside before that.
    let putAsideBefore: Timestamp

    /// The key that an object gets when it is put aside at a moment.
    init(_ original: ObjectKey, at moment: Timestamp) {
        let day = String(moment.description.prefix(10))
        self.original = original
        key = ObjectKey(trusted: "\(Self.folder)/\(day)/\(original)")
        putAsideBefore = Self.end(of: day) ?? .latest
    }

    /// Nil for a key that is no claim's key in quarantine.
    init?(_ key: String) {
        let segments = key.utf8.split(
            separator: UInt8(ascii: "/"), maxSplits: 2, omittingEmptySubsequences: false
        ).map { String(decoding: $0, as: UTF8.self) }
        guard segments.count == 3, segments[0].utf8.elementsEqual(Self.folder.utf8),
            segments[1].utf8.count == 10, let end = Self.end(of: segments[1]), ClaimKey(segments[2]) != nil,
            let checked = try? ObjectKey(key), let original = try? ObjectKey(segments[2])
        else { return nil }
        (self.key, self.original, putAsideBefore) = (checked, original, end)
    }

    private static func end(of day: String) -> Timestamp? {
        Timestamp(day)?.advanced(by: .seconds(86_400))
    }
}
