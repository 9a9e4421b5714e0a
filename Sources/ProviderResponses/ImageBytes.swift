internal import ArtifactStore
internal import Foundation

/// Turns a provider's base64 into an image's bytes.
enum ImageBytes {
    /// The image, its bytes exactly as the provider made them, or a failure when the text is not canonical base64
    /// (RFC 4648 section 4, padded): a repaired text would be another file, and its C2PA signature broken.
    static func result(base64: String, revisedPrompt: String? = nil) -> ImageResult {
        guard let bytes = Data(base64Encoded: base64), !bytes.isEmpty, bytes.base64EncodedString() == base64 else {
            return .failed(
                ArtifactFailure(
                    .generationFailed, "the provider sent an image that is \(base64.isEmpty ? "empty" : "not base64")",
                    recoveryGuidance: "Check that the answer was received whole, then try again with a new idempotency"
                        + " key; the provider may have billed this one."))
        }
        return .image(GeneratedImage(bytes: bytes, revisedPrompt: revisedPrompt))
    }
}

extension [ImageResult] {
    var imageCount: Int64 {
        Int64(count { if case .image = $0 { true } else { false } })
    }
}
