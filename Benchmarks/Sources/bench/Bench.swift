import ArtifactStore
import Foundation

/// Runs the comparisons one after the other and prints what was measured against what was promised.
@main
enum Bench {
    static func main() async {
        do {
            let settings = try Settings()
            #if S3
                let words = Array(CommandLine.arguments.dropFirst())
                if words.first == "large-object" {
                    return try await LargeObject.run(Array(words.dropFirst()), settings)
                }
            #endif
            let report = Report()
            report.heading(settings)
            try StatementCheck(root: settings.root).report(to: report)
            for (name, comparison) in comparisons where settings.runs(name, byDefault: !onRequest.contains(name)) {
                try await comparison(settings, report)
            }
            report.summary()
        } catch {
            FileHandle.standardError.write(Data("bench: \(error)\n".utf8))
            exit(1)
        }
    }

    private typealias Comparison = @Sendable (Settings, Report) async throws -> Void

    /// What runs only when it is named: for a profiler, or with many gigabytes.
    private static let onRequest = ["query", "profile", "upgrade", "s3-uploads", "s3-memory"]

    private static let comparisons: [(String, Comparison)] = usual + s3

    private static let usual: [(String, Comparison)] = [
        ("lifecycle", LifecycleComparison.run),
        ("rundetail", RunDetailComparison.run),
        ("mlmd", MLMDComparison.run),
        ("scale", ScaleComparison.run),
        ("show", ShowComparison.run),
        ("query", QueryComparison.run),
        ("profile", ProfileRun.run),
        ("upgrade", UpgradeComparison.run),
    ]

    #if S3
        private static let s3: [(String, Comparison)] = [
            ("s3-uploads", UploadComparison.run), ("s3-memory", LargeObjectComparison.run),
        ]
    #else
        private static let s3: [(String, Comparison)] = []
    #endif
}

/// Something a measurement needs is missing or went wrong.
struct BenchError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
