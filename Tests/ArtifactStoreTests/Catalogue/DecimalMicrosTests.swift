import ArtifactStoreTesting
import Foundation
import Testing

@testable import ArtifactStore

@Suite("Decimal amounts")
struct DecimalMicrosTests {
    @Test(
        "An amount is kept to its last digit, or not at all",
        arguments: [
            ("5", 0, 5_000_000), ("40.0", 0, 40_000_000), ("0.04", 0, 40_000), ("0.000001", 0, 1),
            ("0.0000001", 0, nil), ("1e-6", 0, 1), ("1E-7", 0, nil), ("4E+1", 0, 40_000_000), ("0", 0, 0),
            ("-0.0", 0, 0), ("0e999999999999999999999", 0, 0), ("1e999999999999999999999", 0, nil),
            ("1e-999999999999999999999", 0, nil), ("-1", 0, nil), ("3.1248e-07", 6, 312_480),
            ("4.000003e-05", 6, 40_000_030), ("5e-06", 6, 5_000_000), ("0.000003", 6, 3_000_000),
            ("1.0000000000000001e-6", 6, nil), ("999999999999", 0, 999_999_999_999_000_000),
            ("1000000000000", 0, nil), ("100000e-5", 0, 1_000_000),
        ] as [(String, Int, Int64?)])
    func exact(literal: String, shift: Int, micros: Int64?) {
        #expect(DecimalMicros.micros(literal, shift: shift) == micros)
    }

    @Test(
        "What is no JSON number is no amount",
        arguments: [
            "", "-", ".", ".5", "5.", "05", "+5", "1e", "1e+", "e5", "1 ", " 1", "1,5", "NaN", "nan", "Infinity",
            "0x10",
            "1_000", "１", "1.2.3", "1e5.5", "--1", "1\0",
        ])
    func noNumber(literal: String) {
        #expect(DecimalMicros.micros(literal) == nil)
    }

    @Test("A literal of more than a thousand bytes is not looked at")
    func long() {
        #expect(DecimalMicros.micros("1." + String(repeating: "0", count: 998)) == 1_000_000)
        #expect(DecimalMicros.micros("1." + String(repeating: "0", count: 999)) == nil)
    }

    @Test("Random literals come out as Foundation's decimal arithmetic has them")
    func secondPath() throws {
        var generator = SeededGenerator(seed: 5)
        var kept = 0
        for _ in 0..<20_000 {
            let whole = String(Int.random(in: 0...99_999, using: &generator))
            let digits = (0..<Int.random(in: 0...9, using: &generator)).map { _ in
                String(Int.random(in: 0...9, using: &generator))
            }
            let exponent = Int.random(in: -9...5, using: &generator)
            let literal = whole + (digits.isEmpty ? "" : "." + digits.joined()) + (exponent == 0 ? "" : "e\(exponent)")
            let number = try #require(Decimal(string: literal, locale: nil)) * 1_000_000
            let text = "\(number)"
            let expected = text.contains(".") ? nil : Int64(text)
            #expect(DecimalMicros.micros(literal) == expected, "\(literal)")
            kept += expected == nil ? 0 : 1
        }
        #expect(kept > 4_000)
    }

    @Test("An amount's text is the shortest, and reads back as the same amount")
    func roundTrip() {
        #expect(DecimalMicros.text(40_000_000) == "40")
        #expect(DecimalMicros.text(40_000) == "0.04")
        #expect(DecimalMicros.text(40_000_000, decimals: 2) == "40.00")
        #expect(DecimalMicros.text(0) == "0")
        var generator = SeededGenerator(seed: 6)
        for _ in 0..<5_000 {
            let micros =
                Int64.random(in: 0...1_000_000_000_000, using: &generator)
                >> Int64.random(in: 0...40, using: &generator)
            let text = DecimalMicros.text(micros)
            #expect(DecimalMicros.micros(text) == micros)
            #expect(!text.contains(".") || !text.hasSuffix("0"))
        }
    }
}
