internal import ArtifactStore
internal import Foundation

/// `1 artifact`, `2 artifacts`.
func counted(_ artifacts: some BinaryInteger) -> String {
    "\(artifacts) artifact\(artifacts == 1 ? "" : "s")"
}

/// Standard output and standard error, and what is at their ends.
enum Terminal {
    /// Whether a person reads standard output.
    static let isInteractive = isatty(STDOUT_FILENO) == 1

    /// Whether to colour: only on a terminal, and not under `NO_COLOR` (no-color.org) or a dumb one.
    static let hasColour: Bool = {
        let environment = ProcessInfo.processInfo.environment
        let isRefused = environment["NO_COLOR"].map { !$0.isEmpty } ?? false
        return isInteractive && !isRefused && environment["TERM"] != "dumb"
    }()

    /// Columns of the terminal; of `COLUMNS`, or 160, where there is none.
    static let width: Int = {
        var size = winsize()
        if isInteractive, ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 {
            return Int(size.ws_col)
        }
        return ProcessInfo.processInfo.environment["COLUMNS"].flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil } ?? 160
    }()

    /// Writes text to standard output at once.
    ///
    /// - Throws: ``StoreError`` `database` when it cannot be written, as on a full disk.
    static func write(_ text: String) throws(StoreError) {
        try write(Data(text.utf8))
    }

    /// Writes bytes to standard output at once.
    ///
    /// - Throws: ``StoreError`` `database` when they cannot be written.
    static func write(_ bytes: Data) throws(StoreError) {
        do {
            try FileHandle.standardOutput.write(contentsOf: bytes)
        } catch {
            throw StoreError(
                .database, "standard output cannot be written", hint: "Check what it is connected to, and its space.")
        }
    }

    /// A remark for the person, which is no part of the result.
    static func note(_ text: String) {
        FileHandle.standardError.write(Data("\(text)\n".utf8))
    }

    /// What went wrong, and what to do.
    static func complain(_ error: StoreError) {
        note("error: \(Printable.text(error.message))\nhint: \(Printable.text(error.hint))")
    }

    /// Colours of words that mean something.
    enum Colour: String {
        case red = "31"
        case green = "32"
        case yellow = "33"
        case bold = "1"
    }

    static func coloured(_ text: String, _ colour: Colour?) -> String {
        guard hasColour, let colour else { return text }
        return "\u{1B}[\(colour.rawValue)m\(text)\u{1B}[0m"
    }
}
