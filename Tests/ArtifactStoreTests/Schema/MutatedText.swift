import ArtifactSchema
import ArtifactStoreTesting

/// Bytes that nobody would write, for code that must take any.
enum MutatedText {
    static func random(_ generator: inout SeededGenerator) -> [UInt8] {
        let interesting = Array("'\"`[]/*-;.:$@#?xX0eE_ \n\r\t\u{B}\u{C}\\!<>=|~&%+(),aEND\u{0}é\u{FEFF}".utf8)
        return (0..<Int.random(in: 0...60, using: &generator)).map { _ in
            Bool.random(using: &generator)
                ? UInt8.random(in: 0...255, using: &generator) : interesting.randomElement(using: &generator) ?? 0
        }
    }

    /// A text with a few pieces removed, doubled, or put in.
    static func mutated(
        _ text: [UInt8], inserting pieces: [String], _ generator: inout SeededGenerator
    ) -> [UInt8] {
        var text = text
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
            let start = Int.random(in: 0...text.count, using: &generator)
            let end = min(text.count, start + Int.random(in: 0...20, using: &generator))
            switch Int.random(in: 0...3, using: &generator) {
            case 0: text.removeSubrange(start..<end)
            case 1: text.insert(contentsOf: text[start..<end], at: start)
            default: text.insert(contentsOf: Array((pieces.randomElement(using: &generator) ?? "").utf8), at: start)
            }
        }
        return text
    }

    /// Where statements may begin: behind each semicolon.
    static func inserting(
        _ piece: String, atSomeSemicolonOf text: [UInt8], _ generator: inout SeededGenerator
    ) -> [UInt8] {
        let ends = text.indices.filter { text[$0] == UInt8(ascii: ";") }
        guard let end = ends.randomElement(using: &generator) else { return text }
        return text[...end] + Array(piece.utf8) + text[(end + 1)...]
    }
}
