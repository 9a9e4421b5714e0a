import ArtifactStore
import CWorkload
import Foundation
import GRDB

/// The baseline for group commit: a `DatabasePool` and one `write` for each call, with the same statements.
struct PlainGRDB: Sendable {
    private let pool: DatabasePool

    init(path: String, migrations: String) throws {
        var configuration = Configuration()
        configuration.prepareDatabase { db in
            try db.execute(sql: "PRAGMA trusted_schema = ON; PRAGMA cell_size_check = ON; PRAGMA cache_size = -32768")
        }
        pool = try DatabasePool(path: path, configuration: configuration)
        let names = try FileManager.default.contentsOfDirectory(atPath: migrations)
            .filter { $0.wholeMatch(of: /[0-9]{4}_.*\.sql/) != nil }
        try pool.writeWithoutTransaction { db in
            // A pool sets NORMAL on its writer, whatever is prepared above: commits would not be durable.
            try db.execute(sql: "PRAGMA synchronous = FULL")
            for name in names.sorted() {
                try db.execute(sql: String(contentsOfFile: "\(migrations)/\(name)", encoding: .utf8))
            }
        }
        let synchronous = try pool.writeWithoutTransaction { try Int.fetchOne($0, sql: "PRAGMA synchronous") }
        guard synchronous == 2 else { throw BenchError("the pool is not durable") }
    }

    func begin(run: String, key: String) async throws -> String {
        try await pool.write { db in
            let now = Timestamp.systemNow()
            let existing = try db.cachedStatement(sql: Workload.sql(workload_select_by_key))
            guard try Row.fetchOne(existing, arguments: [run, key]) == nil else { throw BenchError("the key is taken") }
            var random = SystemRandomNumberGenerator()
            let id = ArtifactID.fresh(at: now, using: &random).text
            let request = Workload.request
            let versions = Workload.context.versionContext
            try db.cachedStatement(sql: Workload.sql(workload_insert_artifact)).execute(arguments: [
                id, run, key, Workload.facts.sha256, now.milliseconds, Workload.owner, now.milliseconds,
                now.milliseconds + Int64(workload_claim_ms), request.prompt, request.model, request.size,
                request.quality, request.background, request.outputFormat, request.seed, nil, versions.skillVersion,
                versions.promptVersion, versions.templateVersion, "unknown", nil,
            ])
            let sequence = db.lastInsertedRowID
            for (position, part) in Workload.context.promptComposition.enumerated() {
                try db.cachedStatement(sql: Workload.sql(workload_insert_part)).execute(arguments: [
                    sequence, position, part.role, part.source, part.version, part.text, part.textSha256,
                ])
            }
            return id
        }
    }

    func complete(run: String, id: String) async throws {
        try await pool.write { db in
            let facts = Workload.facts
            let execution = Workload.execution
            let usage = Workload.usage
            let storage: [(any DatabaseValueConvertible)?] = [
                "completed", Timestamp.systemNow().milliseconds, Workload.kind, Workload.bucket, "\(run)/\(id)/1",
                facts.contentType, facts.byteCount, facts.sha256, facts.width, facts.height,
            ]
            let model: [(any DatabaseValueConvertible)?] = [
                execution.provider, execution.imageGenerationMode?.rawValue, execution.underlyingImageModel,
                execution.hostedToolOutputType, execution.providerRequestId, execution.revisedPrompt,
            ]
            let sums: [(any DatabaseValueConvertible)?] = [
                usage.inputTokens, usage.inputTextTokens, usage.inputImageTokens, usage.cachedInputTokens, nil, nil,
                nil, usage.outputTokens, usage.outputTextTokens, usage.outputImageTokens, usage.totalTokens,
                usage.imageCount, usage.durationMs, usage.cost?.micros, usage.cost?.currency, nil, nil,
            ]
            let failure = [(any DatabaseValueConvertible)?](repeating: nil, count: 7)
            let claim: [(any DatabaseValueConvertible)?] = [id, 1, Workload.owner]
            try db.cachedStatement(sql: Workload.sql(workload_finish))
                .execute(arguments: StatementArguments(storage + model + sums + failure + claim))
            guard db.changesCount == 1 else { throw BenchError("no pending artifact has this claim") }
        }
    }

    func close() throws {
        try pool.close()
    }
}
