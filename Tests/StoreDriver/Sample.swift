import ArtifactStore
import ArtifactStoreTesting
import Synchronization

/// Values for records, chosen by a number: each of them is one that some program has tripped over.
enum Sample {
    private static let texts = [
        "a lighthouse at dusk", "café", "cafe\u{301}", "\u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467} и 画像",
        "'; DROP TABLE artifact; --", "line one\nline two\r\nline three\ttab", "\"quoted\" and 'single' and `back`",
        "100% _under_ \\ back/slash", "\u{202E}right to left\u{202C}\u{200B}", "../../etc/passwd", "NULL", " ",
        "sig=1 without the other half", "{\"json\": [1, 2]}", "\u{FEFF}byte-order mark", "\u{FFFD}\u{FFFF}\u{10FFFF}",
        "<script>alert(1)</script>", "\u{1}\u{7F}\u{1B}[31mred", "-- destructive: no", "=cmd|' /C calc'!A0",
    ]

    static func text(_ number: Int) -> String {
        texts[number % texts.count]
    }

    static func request(_ number: Int) -> GeneratedImageRequest {
        var request = GeneratedImageRequest(prompt: "\(text(number)) #\(number)", model: model(number))
        if number % 2 == 0 { request.size = "1024x1024" }
        if number % 3 == 0 { request.quality = text(number + 1) }
        if number % 5 == 0 { request.background = "transparent" }
        if number % 7 == 0 { request.outputFormat = "webp" }
        switch number % 11 {
        case 0: request.seed = .max
        case 1: request.seed = .min
        case 2: request.seed = 0
        default: break
        }
        if number % 6 == 0 {
            request.extraParameters = .object([
                .init(text(number), .string(text(number + 2))), .init("steps", .number("30.50")),
                .init("huge", .number("123456789012345678901234567890")), .init("nested", [["a": [true, .null]]]),
            ])
        }
        if number == 100 { request.prompt = String(repeating: "ж", count: TextLimit.prompt / 2) }
        if number == 200 { request.extraParameters = ["x": .string(String(repeating: "y", count: 100_000))] }
        return request
    }

    private static func model(_ number: Int) -> String {
        ["gpt-image-1.5", "gemini-3-pro-image", "flux", "модель", String(repeating: "m", count: 256)][number % 5]
    }

    /// Revisions of a catalogue in which each of the models is declared otherwise; the last one is missing.
    static func importCatalogue(_ revision: Int, into store: ArtifactStore) async throws {
        let catalogue: JSONValue = [
            "models": [
                [
                    "model": .string(model(0)), "provider": "openai", "supportsImageGeneration": true,
                    "supportsImageInput": "unknown", "imageGenerationMode": "direct_image_model",
                    "inputModalities": revision == 1 ? .null : ["text"], "outputModalities": ["image"],
                    "capabilities": ["transparent_background", "стиль"],
                    "prices": [
                        "currency": "USD", "inputTextTokens": "5", "inputImageTokens": "8",
                        "cachedInputTextTokens": "1.25", "cachedInputImageTokens": "2", "outputTextTokens": "10",
                        "outputImageTokens": .string("3\(revision).000001"), "largestInputTokens": 200_000,
                    ],
                ],
                [
                    "model": .string(model(1)), "provider": "google", "supportsImageGeneration": true,
                    "supportsImageInput": true, "imageGenerationMode": "hosted_image_generation_tool",
                    "inputModalities": ["text", "image"], "outputModalities": ["text", "image"],
                    "prices": ["currency": "EUR", "image": .string("0.0\(revision + 3)")],
                ],
                ["model": .string(model(3)), "prices": ["currency": "JPY", "image": .string("\(revision + 5)")]],
                [
                    "model": .string(model(2)), "supportsImageGeneration": false, "supportsImageInput": false,
                    "outputModalities": ["text", "audio"],
                ],
            ]
        ]
        _ = try await store.importCatalogue(Array(catalogue.compactText.utf8), as: .declared)
    }

    static func context(_ number: Int) -> ArtifactContext {
        let count = number == 300 ? ArtifactContext.maximumParts : [0, 0, 1, 2, 3][number % 5]
        let parts = (0..<count).map { position in
            PromptPart(
                role: ["system", "user", "стиль"][position % 3], source: position % 2 == 0 ? text(number) : nil,
                version: position % 3 == 0 ? "\(number)" : nil, text: position % 4 == 3 ? nil : text(number + position),
                textSha256: position % 2 == 1 ? String(repeating: "0f", count: 32) : nil)
        }
        return ArtifactContext(
            promptComposition: parts,
            versionContext: VersionContext(
                skillVersion: number % 2 == 0 ? "\(number % 10).0.0" : nil,
                promptVersion: number % 3 == 0 ? text(number) : nil,
                templateVersion: number % 4 == 0 ? "t\(number % 6)" : nil))
    }

    static func facts(_ number: Int) -> ImageFacts {
        switch number % 4 {
        case 0: ImageFacts()
        case 1:
            ImageFacts(contentType: "image/png", byteCount: 1, sha256: String(repeating: "ab", count: 32))
        case 2:
            ImageFacts(
                contentType: "image/avif", byteCount: 1_099_511_627_776, sha256: String(repeating: "0", count: 64),
                width: 65_535, height: 1)
        default: ImageFacts(width: 1024, height: 1024)
        }
    }

    static func execution(_ number: Int) -> ModelExecution {
        let isHosted = number % 3 == 0
        return ModelExecution(
            provider: ["openai", "google", "провайдер"][number % 3],
            imageGenerationMode: number % 7 == 0 ? nil : isHosted ? .hostedImageGenerationTool : .directImageModel,
            underlyingImageModel: number % 2 == 0 ? "image-model-\(number % 4)" : nil,
            hostedToolOutputType: isHosted && number % 7 != 0 ? "image_generation_call" : nil,
            providerRequestId: number % 4 == 0 ? nil : "req_\(number)",
            revisedPrompt: number % 5 == 0 ? "\(text(number + 3)), revised" : nil)
    }

    /// Every field alone, all of them, none, zeros and the largest numbers, and what providers say in their own words.
    static func usage(_ number: Int) -> Usage? {
        var usage = Usage()
        if number % 10 == 5 {
            // The published answer of the images API; the next ones made several images.
            usage.inputTokens = 50
            usage.inputTextTokens = 50
            usage.inputImageTokens = 0
            usage.outputTokens = Int64(4160 + number)
            usage.totalTokens = Int64(4210 + number)
            usage.imageCount = 1
            return usage
        }
        if number % 20 == 7 {
            usage.imageCount = Int64(number % 4)
            return usage
        }
        let counts: [WritableKeyPath<Usage, Int64?>] = [
            \.inputTokens, \.inputTextTokens, \.inputImageTokens, \.cachedInputTokens, \.cachedInputTextTokens,
            \.cachedInputImageTokens, \.cacheWriteInputTokens, \.outputTokens, \.outputTextTokens,
            \.outputImageTokens, \.totalTokens, \.imageCount, \.durationMs,
        ]
        switch number % 27 {
        case 0...12: usage[keyPath: counts[number % 27]] = Int64(number)
        case 13: for count in counts { usage[keyPath: count] = 0 }
        case 14: for count in counts { usage[keyPath: count] = 1_000_000_000_000 }
        case 15: usage.cost = Cost(micros: Int64(number) * 1_000 + 1, currency: "USD")
        case 16: usage.cost = Cost(micros: 0, currency: "EUR")
        case 17: usage.cost = Cost(micros: 1_000_000_000_000, currency: "JPY")
        case 18...23: usage.providerUsage = providerUsage(number)
        case 24:
            usage.includedInArtifactId = ArtifactID("art_first_\(number)")
            return usage
        case 25:
            for (index, count) in counts.enumerated() { usage[keyPath: count] = Int64(number + index) }
            usage.cost = Cost(micros: 167_250, currency: "USD")
            usage.providerUsage = providerUsage(number)
        default: return nil
        }
        return usage
    }

    private static func providerUsage(_ number: Int) -> JSONValue {
        let count = JSONValue.integer(number)
        switch number % 8 {
        case 0: return ["input_tokens": 50, "input_tokens_details": ["cached_tokens": count, "cache_write_tokens": 7]]
        case 1: return ["input_tokens_details": ["text_tokens": 10, "image_tokens": 40]]
        case 2:
            return [
                "cachedContentTokenCount": count,
                "cacheTokensDetails": [
                    ["modality": "TEXT", "tokenCount": 12], ["modality": "IMAGE", "tokenCount": count],
                ],
            ]
        case 3:
            // Named twice: nothing certain.
            return [
                "cacheTokensDetails": [
                    ["modality": "TEXT", "tokenCount": 1], ["modality": "TEXT", "tokenCount": 2],
                    ["modality": "IMAGE", "tokenCount": 3],
                ]
            ]
        case 4:
            return [
                "input_tokens_details": ["cache_write_tokens": .number("1e3")],
                "cacheTokensDetails": [["modality": "IMAGE", "tokenCount": .number("1.5")]],
            ]
        case 5: return ["input_tokens_details": "none", "cacheTokensDetails": ["modality": "TEXT", "tokenCount": 1]]
        case 6:
            return [
                "input_tokens_details": ["cache_write_tokens": -1],
                "cacheTokensDetails": [["modality": "TEXT", "tokenCount": .number("99999999999999999999")]],
            ]
        default: return ["ключ": .string(text(number)), "deep": [[[["a": .null]]]]]
        }
    }
}

/// Ids in the order they are asked for, the same in every run; some are the host's own and odd.
final class IdentifierSource: Sendable {
    private let state = Mutex((random: SeededGenerator(seed: 7), count: 0))

    func next(at moment: Timestamp) -> ArtifactID {
        state.withLock { state in
            state.count += 1
            if state.count % 50 == 0 { return ArtifactID("host's own \u{1F5BC} \(state.count)") }
            return ArtifactID.fresh(at: moment, using: &state.random)
        }
    }
}
