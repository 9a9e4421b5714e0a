/// Text as one word of a shell command that a person may copy: out of a hint, or out of what a command prints.
package enum ShellWord {
    /// The word, in quotes where the shell would take it apart. Text with characters that act on a terminal, or that
    /// nobody sees, is spelled out as `$'…'`, which bash, zsh and POSIX.1-2024 read.
    package static func quoted(_ text: String) -> String {
        if text.unicodeScalars.contains(where: isUnsafe) { return "$'" + text.utf8.map(escaped).joined() + "'" }
        let isPlain = !text.isEmpty && text.utf8.allSatisfy { isAlphanumeric($0) || "_-./".utf8.contains($0) }
        return isPlain ? text : "'" + text.replacing("'", with: "'\\''") + "'"
    }

    private static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }

    /// In octal: that has a length in every shell.
    private static func escaped(_ byte: UInt8) -> String {
        if isAlphanumeric(byte) || " _-./".utf8.contains(byte) { return String(UnicodeScalar(byte)) }
        let digits = String(byte, radix: 8)
        return "\\" + String(repeating: "0", count: 3 - digits.count) + digits
    }
}
