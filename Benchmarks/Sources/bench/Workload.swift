import ArtifactStore
import CWorkload

/// The values of `workload.h` as the library takes them.
enum Workload {
    static let runSize = Int(workload_run_size)
    static let request = GeneratedImageRequest(
        prompt: text(\.prompt), model: text(\.model), size: text(\.size), quality: text(\.quality),
        outputFormat: text(\.output_format))
    static let context = ArtifactContext(
        promptComposition: [part(\.parts.0), part(\.parts.1)],
        versionContext: VersionContext(
            skillVersion: text(\.skill_version), promptVersion: text(\.prompt_version),
            templateVersion: text(\.template_version)))
    static let kind = text(\.storage_kind)
    static let bucket = text(\.bucket)
    static let facts = ImageFacts(
        contentType: text(\.content_type), byteCount: number(\.byte_count), sha256: text(\.sha256),
        width: number(\.width), height: number(\.height))
    static let execution = ModelExecution(
        provider: text(\.provider), imageGenerationMode: ImageGenerationMode(rawValue: text(\.mode)),
        underlyingImageModel: text(\.underlying_model), providerRequestId: text(\.request_id))
    static let usage: Usage = {
        var usage = Usage()
        usage.inputTokens = number(\.input_tokens)
        usage.inputTextTokens = number(\.input_text_tokens)
        usage.inputImageTokens = number(\.input_image_tokens)
        usage.cachedInputTokens = number(\.cached_input_tokens)
        usage.outputTokens = number(\.output_tokens)
        usage.outputTextTokens = number(\.output_text_tokens)
        usage.outputImageTokens = number(\.output_image_tokens)
        usage.totalTokens = number(\.total_tokens)
        usage.imageCount = number(\.image_count)
        usage.durationMs = number(\.duration_ms)
        usage.cost = Cost(micros: number(\.cost_micros), currency: text(\.currency))
        return usage
    }()
    static let owner = text(\.owner)

    static func sql(_ statement: workload_statement) -> String {
        String(cString: workload_sql(statement))
    }

    static func runId(_ number: UInt64) -> String {
        named { workload_run_id(number, $0) }
    }

    /// The id of an artifact in a filled store.
    static func artifactId(moment: Int64, number: UInt64) -> String {
        named { workload_artifact_id(moment, number, $0) }
    }

    private static func named(_ write: (UnsafeMutablePointer<CChar>) -> Void) -> String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(workload_id_size)) { buffer in
            guard let start = buffer.baseAddress else { return "" }
            write(start)
            return String(cString: start)
        }
    }

    private static func part(_ path: KeyPath<workload_values, workload_part>) -> PromptPart {
        let part = workload().pointee[keyPath: path]
        return PromptPart(
            role: String(cString: part.role), source: String(cString: part.source),
            version: String(cString: part.version), text: String(cString: part.text))
    }

    private static func text(_ path: KeyPath<workload_values, UnsafePointer<CChar>?>) -> String {
        workload().pointee[keyPath: path].map { String(cString: $0) } ?? ""
    }

    private static func number(_ path: KeyPath<workload_values, Int64>) -> Int64 {
        workload().pointee[keyPath: path]
    }
}

/// The runs and keys of one caller: sixteen artifacts a run, and runs nobody else has.
struct Lane {
    private let seed: UInt64
    private var made: UInt64 = 0

    init(_ number: Int) {
        var random = SystemRandomNumberGenerator()
        seed = random.next() &+ UInt64(number) << 32
    }

    mutating func next() -> (run: String, key: String) {
        defer { made += 1 }
        let size = UInt64(Workload.runSize)
        return (Workload.runId(seed &+ made / size), "image-\(made % size)")
    }
}
