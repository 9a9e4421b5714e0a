extension ArtifactFailure {
    /// The failure of an artifact whose model was not admitted.
    ///
    /// - Parameter alternatives: Models that are declared to make images, the nearest first.
    static func notAdmitted(_ model: String, _ admission: Admission, alternatives: [String]) -> ArtifactFailure {
        let catalogue = admission.catalogueRevision.map { "revision \($0) of the catalogue" } ?? "an empty catalogue"
        let reason =
            admission.imageGenerationSupport == .no
            ? "\(catalogue) declares that \(model) makes no images"
            : "\(catalogue) does not say whether \(model) makes images, and unknown models are refused"
        let guidance =
            alternatives.isEmpty
            ? "No model is declared to make images. Import a catalogue that declares one (artifacts models import)."
            : "Choose a model that is declared to make images, such as \(alternatives.joined(separator: ", ")), and"
                + " begin again with a new idempotency key. If \(model) makes images, declare it."
        return ArtifactFailure(.unsupportedModel, reason, recoveryGuidance: guidance)
    }
}
