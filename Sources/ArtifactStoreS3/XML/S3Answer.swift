internal import ArtifactStore

/// Answers that must be XML of a certain kind.
enum S3Answer {
    static let namespace = "http://s3.amazonaws.com/doc/2006-03-01/"

    static func root(_ answer: S3HTTPResponse, _ name: String, _ what: String) throws(StoreError) -> XMLElement {
        let root: XMLElement
        do {
            root = try XMLElement.parse(answer.body)
        } catch {
            throw unreadable(what, "text that is no XML at byte \(error.offset) (\(error.reason))")
        }
        guard root.name == name else { throw unreadable(what, "XML of another kind than \(name)") }
        return root
    }

    static func unreadable(_ what: String, _ seen: String) -> StoreError {
        StoreError(
            .objectStorage, "the \(what) was answered with \(seen)",
            hint: "Check which service answers at the endpoint, and that no proxy answers in its place.")
    }
}
