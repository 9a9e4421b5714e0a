/// Decimal text to millionths and back, digit by digit: no amount passes through a binary fraction.
package enum DecimalMicros {
    /// Reads a JSON number as millionths of a unit.
    ///
    /// - Parameters:
    ///   - literal: The number's text, an exponent included.
    ///   - shift: The power of ten by which the number is multiplied first: 6 makes a price for one token that of a
    ///     million.
    /// - Returns: Nil for what is no number, below zero, not a whole number of millionths, 10^18 or more, or written in
    ///   more than 1,000 bytes.
    package static func micros(_ literal: String, shift: Int = 0) -> Int64? {
        guard literal.utf8.count <= 1_000 else { return nil }
        var rest = Substring(literal).utf8
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative { rest = rest.dropFirst() }
        let whole = takeDigits(&rest)
        guard !whole.isEmpty, whole.count == 1 || whole.first != 0 else { return nil }
        var fraction: [UInt8] = []
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst()
            fraction = takeDigits(&rest)
            guard !fraction.isEmpty else { return nil }
        }
        guard let exponent = exponent(&rest), rest.isEmpty else { return nil }
        var digits = Array((whole + fraction).drop { $0 == 0 })
        guard !digits.isEmpty else { return 0 }
        guard !isNegative else { return nil }
        var power = exponent - fraction.count + shift + 6
        while digits.last == 0 {
            digits.removeLast()
            power += 1
        }
        guard power >= 0, digits.count + power <= 18 else { return nil }
        let number = digits.reduce(Int64(0)) { $0 * 10 + Int64($1) }
        return (0..<power).reduce(number) { value, _ in value * 10 }
    }

    /// The shortest text of so many millionths: `40`, `0.04`.
    ///
    /// - Parameter decimals: How many digits behind the point there are at least.
    package static func text(_ micros: Int64, decimals: Int = 0) -> String {
        var fraction = String(micros % 1_000_000)
        fraction = String(repeating: "0", count: 6 - fraction.count) + fraction
        while fraction.count > decimals, fraction.hasSuffix("0") { fraction.removeLast() }
        return fraction.isEmpty ? "\(micros / 1_000_000)" : "\(micros / 1_000_000).\(fraction)"
    }

    private static func takeDigits(_ text: inout Substring.UTF8View) -> [UInt8] {
        let digits = text.prefix { (0x30...0x39).contains($0) }
        text = text.dropFirst(digits.count)
        return digits.map { $0 - 0x30 }
    }

    /// The exponent, 0 when none is written. It ends at a million: so many places the digits of no literal make up for.
    private static func exponent(_ text: inout Substring.UTF8View) -> Int? {
        guard text.first == UInt8(ascii: "e") || text.first == UInt8(ascii: "E") else { return 0 }
        text = text.dropFirst()
        let isNegative = text.first == UInt8(ascii: "-")
        if isNegative || text.first == UInt8(ascii: "+") { text = text.dropFirst() }
        let digits = takeDigits(&text)
        guard !digits.isEmpty else { return nil }
        let value = digits.reduce(0) { min($0 * 10 + Int($1), 1_000_000) }
        return isNegative ? -value : value
    }
}
