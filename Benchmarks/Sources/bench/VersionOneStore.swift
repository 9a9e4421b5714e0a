import CWorkload
import Foundation
import GRDB

/// A store of schema version 1, as the first release left it: filled through that schema's own triggers, so that every
/// rule was kept and every transition has its event.
///
/// One artifact in fifty is pending, one in twenty failed; half have prompt parts; one in ten was shown by a signed URL.
enum VersionOneStore {
    /// How many artifacts a transaction makes.
    private static let chunk = 16_384

    static func make(_ settings: Settings, at path: String, count: Int) throws {
        var configuration = Configuration()
        configuration.prepareDatabase { db in
            for function in functions(of: count) { db.add(function: function) }
        }
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        try queue.writeWithoutTransaction { db in
            try makeSchema(settings, db)
            // Nothing waits for the disk until the end.
            try db.execute(
                sql: """
                    PRAGMA synchronous = OFF; PRAGMA cache_size = -1048576; PRAGMA temp_store = MEMORY;
                    PRAGMA wal_autocheckpoint = 100000
                    """)
            for first in stride(from: 0, to: count, by: chunk) {
                try db.inTransaction {
                    try fill(first..<min(first + chunk, count), db)
                    return .commit
                }
            }
            try db.execute(sql: "PRAGMA synchronous = FULL; PRAGMA wal_checkpoint(TRUNCATE)")
        }
        try queue.close()
    }

    private static func makeSchema(_ settings: Settings, _ db: Database) throws {
        let sums = try String(contentsOfFile: settings.migrations + "/schema.sum", encoding: .utf8)
        let words = sums.split(whereSeparator: \.isWhitespace).prefix(2).map(String.init)
        guard words.count == 2 else { throw BenchError("migrations/schema.sum has no first line") }
        // 0x41727473: "Arts".
        try db.execute(sql: "PRAGMA application_id = 1098019955; PRAGMA journal_mode = WAL; PRAGMA user_version = 1")
        try db.execute(sql: String(contentsOfFile: settings.migrations + "/" + words[1], encoding: .utf8))
        try db.execute(
            sql: """
                INSERT INTO schemaMigration (version, name, chainHash, appliedAt, applicationVersion, durationMs)
                VALUES (1, ?, ?, ?, '0.1.0', 1)
                """,
            arguments: [words[1], words[0], workload_fill_end()])
    }

    private static func functions(of count: Int) -> [DatabaseFunction] {
        let first = workload_fill_end() - Int64(count - 1) * Int64(workload_fill_step_ms)
        func function(
            _ name: String, _ value: @escaping @Sendable (UInt64) -> any DatabaseValueConvertible
        ) -> DatabaseFunction {
            DatabaseFunction(name, argumentCount: 1, pure: true) { arguments in
                UInt64.fromDatabaseValue(arguments[0]).map(value)
            }
        }
        let moment: @Sendable (UInt64) -> Int64 = { first + Int64($0) * Int64(workload_fill_step_ms) }
        return [
            function("moment", moment),
            function("runId") { Workload.runId($0 / UInt64(Workload.runSize)) },
            function("newId") { Workload.artifactId(moment: moment($0), number: $0) },
            function("model") { String(cString: workload_fill_model($0)) },
            function("isFailed") { Int64(workload_fill_failed($0)) },
        ]
    }

    private static func fill(_ numbers: Range<Int>, _ db: Database) throws {
        let range: [String: (any DatabaseValueConvertible)?] = [
            "first": numbers.lowerBound + 1, "last": numbers.upperBound,
        ]
        for (sql, values) in statements {
            try db.execute(sql: sql, arguments: StatementArguments(range.merging(values) { $1 }))
        }
    }

    private typealias Values = [String: (any DatabaseValueConvertible)?]

    /// A sequence is the artifact's number in the store, counted from 1.
    private static var statements: [(sql: String, values: Values)] {
        [
            (begin, beginValues), (insertParts, [:]), (complete, completeValues), (fail, [:]), (sign, [:]),
        ]
    }

    private static let begin = """
        WITH RECURSIVE number (n) AS (SELECT :first UNION ALL SELECT n + 1 FROM number WHERE n < :last)
        INSERT INTO artifact (artifactId, parentRunId, idempotencyKey, requestFingerprint, createdAt, claimOwner,
            fencingToken, claimedAt, claimExpiresAt, prompt, requestedModel, size, quality, outputFormat, seed,
            extraParameters, skillVersion, promptVersion, templateVersion)
        SELECT newId(n - 1), runId(n - 1), 'image-' || ((n - 1) % 16), printf('%064x', n), moment(n - 1), :owner,
            1, moment(n - 1), moment(n - 1) + :claimMs, :prompt, model(n - 1), :size, :quality, :format,
            CASE WHEN n % 3 = 0 THEN n END, CASE WHEN n % 4 = 0 THEN '{"moderation":"low"}' END,
            :skill, :promptVersion, :template
        FROM number
        """

    private static var beginValues: Values {
        [
            "owner": Workload.owner, "claimMs": Int64(workload_claim_ms), "prompt": Workload.request.prompt,
            "size": Workload.request.size, "quality": Workload.request.quality, "format": Workload.request.outputFormat,
            "skill": Workload.context.versionContext.skillVersion,
            "promptVersion": Workload.context.versionContext.promptVersion,
            "template": Workload.context.versionContext.templateVersion,
        ]
    }

    private static let insertParts = """
        INSERT INTO promptPart (artifactSequence, position, role, source, version, text)
        SELECT sequence, 0, 'system', 'templates/hero', '7', 'Paint in gouache on rough paper. No people, no text.'
        FROM artifact WHERE sequence BETWEEN :first AND :last AND sequence % 2 = 0
        UNION ALL
        SELECT sequence, 1, 'user', 'chat', '1', prompt
        FROM artifact WHERE sequence BETWEEN :first AND :last AND sequence % 2 = 0
        """

    /// What a provider said of the cache is, in this version, nowhere but in its own words.
    private static let complete = """
        UPDATE artifact SET status = 'completed', completedAt = createdAt + :durationMs,
            storageKind = :kind, bucket = :bucket, objectKey = parentRunId || '/' || artifactId || '.png',
            contentType = 'image/png', byteCount = 1000000 + sequence % 900000, sha256 = printf('%064x', sequence * 7),
            width = 1024, height = 1024,
            provider = CASE requestedModel WHEN :openAI THEN 'openai' ELSE 'google' END,
            imageGenerationMode = 'direct_image_model', underlyingImageModel = requestedModel || '-001',
            providerRequestId = printf('req_%032x', sequence), imageCount = 1, durationMs = :durationMs,
            inputTokens = 90, cachedInputTokens = 40, outputTokens = 4160, totalTokens = 4250,
            costMicros = 133370 + sequence % 1000, costCurrency = 'USD',
            providerUsage = CASE requestedModel
                WHEN :openAI THEN '{"input_tokens":90,"input_tokens_details":{"text_tokens":50,"image_tokens":40,'
                    || '"cached_tokens":40,"cache_write_tokens":' || (sequence % 50) || '},"output_tokens":4160,'
                    || '"output_tokens_details":{"text_tokens":0,"image_tokens":4160},"total_tokens":4250}'
                WHEN 'gemini-3-pro-image' THEN '{"promptTokenCount":90,"candidatesTokenCount":4160,'
                    || '"totalTokenCount":4250,"cachedContentTokenCount":40,"cacheTokensDetails":['
                    || '{"modality":"TEXT","tokenCount":' || (sequence % 30) || '},'
                    || '{"modality":"IMAGE","tokenCount":10}]}'
                END
        WHERE sequence BETWEEN :first AND :last AND sequence % 50 <> 0 AND NOT isFailed(sequence)
        """

    private static var completeValues: Values {
        [
            "durationMs": Workload.usage.durationMs, "kind": Workload.kind, "bucket": Workload.bucket,
            "openAI": Workload.request.model,
        ]
    }

    private static let fail = """
        UPDATE artifact SET status = 'failed', completedAt = createdAt + 2000, failureType = 'provider_unavailable',
            failureMessage = 'The provider answered with status 503.', failureRetryable = 1, failureRetryAfter = 30,
            failureRecoveryGuidance = 'Try again in half a minute.', failureAction = 'retry_later'
        WHERE sequence BETWEEN :first AND :last AND sequence % 50 <> 0 AND isFailed(sequence)
        """

    private static let sign = """
        INSERT INTO signedUrl (artifactId, method, signedAt, expiresAt, credentialId)
        SELECT artifactId, 'GET', completedAt, completedAt + 3600000, 'AKIDEXAMPLE'
        FROM artifact WHERE sequence BETWEEN :first AND :last AND sequence % 10 = 1 AND status = 'completed'
        """
}
