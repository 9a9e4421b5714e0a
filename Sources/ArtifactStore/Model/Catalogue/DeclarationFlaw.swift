/// Why a declaration cannot be: which field, and what about it.
struct DeclarationFlaw: Error {
    let field: String
    /// A clause that begins with the field's name.
    let reason: String
    let hint: String

    init(_ field: String, _ reason: String, hint: String = "") {
        self.field = field
        self.reason = "\(field) \(reason)"
        self.hint = hint
    }

    /// - Parameter error: An error that names the field itself.
    init(_ field: String, _ error: StoreError) {
        self.field = field
        reason = error.message
        hint = error.hint
    }
}
