internal import GRDB

extension ArtifactRepository {
    /// The one that works longest of those that may be handed out again. Beside `max()`, SQLite gives the columns of the
    /// row that has it (sqlite.org/lang_select.html#bareagg).
    static let selectSigning = """
        SELECT signedAt, max(expiresAt) FROM signedUrl INDEXED BY signedUrlByArtifact \
        WHERE artifactId = ?1 AND method = ?2 AND disposition IS ?3 AND credentialId = ?4 AND signedAt <= ?5 \
        AND expiresAt BETWEEN ?6 AND ?7
        """
    static let insertSigning = """
        INSERT INTO signedUrl (artifactId, method, disposition, credentialId, signedAt, expiresAt) \
        VALUES (?1, ?2, ?3, ?4, ?5, ?6)
        """
    static let purgeSome = """
        DELETE FROM signedUrl WHERE signedUrlId IN (\
        SELECT signedUrlId FROM signedUrl INDEXED BY signedUrlByExpiry WHERE expiresAt <= ?1 LIMIT ?2)
        """

    /// When a URL was signed and expires: one that is there already, or a new one.
    ///
    /// Looked up and inserted in one write, so that callers at the same moment get the same URL.
    func signing(
        _ request: SigningRequest, _ credential: SigningCredential
    ) async throws -> (signedAt: Timestamp, expiresAt: Timestamp) {
        if let known = try await database.read({ [options] db in
            try Self.signing(db, request, credential, at: options.now())
        }) {
            return known
        }
        return try await database.write { [options] db in
            let now = options.now()
            if let known = try Self.signing(db, request, credential, at: now) { return known }
            let new = try Self.newSigning(request, credential, at: now)
            try PreparedStatement(db, Self.insertSigning).run {
                Self.bind(request, credential, to: &$0)
                $0.bind(new.signedAt)
                $0.bind(new.expiresAt)
            }
            return new
        }
    }

    private static func signing(
        _ db: Database, _ request: SigningRequest, _ credential: SigningCredential, at now: Timestamp
    ) throws -> (signedAt: Timestamp, expiresAt: Timestamp)? {
        try PreparedStatement(db, selectSigning).first({
            bind(request, credential, to: &$0)
            $0.bind(now)
            $0.bind(now.milliseconds + max(1, request.window.minRemainingMs))
            $0.bind(now.milliseconds + request.window.validForMs)
        }) { $0.isNull(1) ? nil : ($0.timestamp(0), $0.timestamp(1)) } ?? nil
    }

    private static func bind(
        _ request: SigningRequest, _ credential: SigningCredential, to arguments: inout PreparedStatement.Arguments
    ) {
        arguments.bind(request.artifactId.text)
        arguments.bind(request.method.rawValue)
        arguments.bind(request.disposition)
        arguments.bind(credential.id)
    }

    /// Times are whole seconds, since Signature Version 4 has no finer ones.
    private static func newSigning(
        _ request: SigningRequest, _ credential: SigningCredential, at now: Timestamp
    ) throws(StoreError) -> (signedAt: Timestamp, expiresAt: Timestamp) {
        func wholeSeconds(_ milliseconds: Int64) -> Timestamp { Timestamp(clamping: milliseconds / 1000 * 1000) }
        let signedAt = wholeSeconds(now.milliseconds)
        let end = min(
            signedAt.milliseconds + request.window.validForMs, credential.expiresAt?.milliseconds ?? .max)
        let expiresAt = wholeSeconds(end)
        guard expiresAt.milliseconds - now.milliseconds >= max(1, request.window.minRemainingMs) else {
            throw StoreError(
                .objectStorage, "the credential \(credential.id) ends at \(expiresAt), too early for this URL",
                hint: "Renew the credential, or ask for less: minRemaining is \(request.window.minRemainingMs) ms.")
        }
        return (signedAt, expiresAt)
    }

    /// Deletes in batches of 500.
    func purgeSignedURLs() async throws -> Int {
        let batchSize = 500
        var purged = 0
        while true {
            let count = try await database.write { [options] db in
                try PreparedStatement(db, Self.purgeSome).run {
                    $0.bind(options.now())
                    $0.bind(Int64(batchSize))
                }
                return db.changesCount
            }
            purged += count
            if count < batchSize { return purged }
        }
    }
}
