/// A secret that no description, dump or reflection shows.
///
/// Interpolated, printed, dumped or logged it reads `<redacted>`. Only ``reveal()`` gives the text, so that every
/// place which reads a secret can be found by that word.
public struct Redacted: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private let text: String

    /// Hides a text.
    public init(_ text: String) {
        self.text = text
    }

    /// The secret itself, for the one place that needs it.
    public func reveal() -> String { text }

    public var description: String { "<redacted>" }
    /// The same as ``description``.
    public var debugDescription: String { description }
    /// Without children: `dump` and debuggers walk mirrors.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
