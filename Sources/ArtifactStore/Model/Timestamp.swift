/// A moment in UTC, in whole milliseconds since 1970-01-01T00:00:00Z.
///
/// The database holds the integer; the wire holds RFC 3339 with exactly three fractional digits and `Z`
/// (`2026-03-01T09:30:00.000Z`). Range: 1970-01-01 up to and including 9999-12-31T23:59:59.999Z.
public struct Timestamp: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// Milliseconds since 1970-01-01T00:00:00Z, 0...253402300799999.
    public let milliseconds: Int64

    /// The last moment that four-digit years can express.
    public static let latest = Timestamp(unchecked: 253_402_300_799_999)
    /// 1970-01-01T00:00:00.000Z.
    public static let earliest = Timestamp(unchecked: 0)

    private init(unchecked milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    /// Nil when the moment is before 1970 or after the year 9999.
    public init?(milliseconds: Int64) {
        guard (0...Self.latest.milliseconds).contains(milliseconds) else { return nil }
        self.milliseconds = milliseconds
    }

    /// The nearest representable moment: what lies outside the range becomes its first or last moment.
    public init(clamping milliseconds: Int64) {
        self.milliseconds = min(max(milliseconds, 0), Self.latest.milliseconds)
    }

    /// This moment plus a duration, held inside the range.
    public func advanced(by duration: Duration) -> Timestamp {
        let (sum, overflow) = milliseconds.addingReportingOverflow(duration.wholeMilliseconds)
        return overflow ? (duration < .zero ? .earliest : .latest) : Timestamp(clamping: sum)
    }

    public static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.milliseconds < right.milliseconds
    }

    /// RFC 3339, UTC, three fractional digits.
    public var description: String {
        let (days, millisecondOfDay) = milliseconds.quotientAndRemainder(dividingBy: 86_400_000)
        let date = CivilDate(daysSinceEpoch: days)
        let seconds = millisecondOfDay / 1000
        return "\(padded(date.year, 4))-\(padded(date.month, 2))-\(padded(date.day, 2))"
            + "T\(padded(seconds / 3600, 2)):\(padded(seconds / 60 % 60, 2)):\(padded(seconds % 60, 2))"
            + ".\(padded(millisecondOfDay % 1000, 3))Z"
    }

    /// The same without punctuation, as file names hold it: `20260301T093000000Z`.
    var fileNameText: String { description.filter { $0 != "-" && $0 != ":" && $0 != "." } }

    /// Reads RFC 3339 with `Z` or a numeric offset, or a plain date (`2026-03-01`, its first moment in UTC).
    ///
    /// Nil for anything else, for dates no calendar has, and for moments out of range. Fractions finer than a
    /// millisecond are cut. A leap second (`:60`) is not accepted: the integer below could not tell it apart.
    public init?(_ text: some StringProtocol) {
        var scanner = DigitScanner(Array(text.utf8))
        guard let year = scanner.number(digits: 4), scanner.skip("-"),
            let month = scanner.number(digits: 2), scanner.skip("-"),
            let day = scanner.number(digits: 2),
            let date = CivilDate(year: year, month: month, day: day)
        else { return nil }
        var milliseconds = date.daysSinceEpoch * 86_400_000
        if !scanner.isAtEnd {
            guard scanner.skip("T") || scanner.skip("t"),
                let hour = scanner.number(digits: 2), hour < 24, scanner.skip(":"),
                let minute = scanner.number(digits: 2), minute < 60, scanner.skip(":"),
                let second = scanner.number(digits: 2), second < 60,
                let fraction = scanner.fractionAsMilliseconds(),
                let offsetMinutes = scanner.offsetInMinutes(), scanner.isAtEnd
            else { return nil }
            milliseconds += ((hour * 60 + minute - offsetMinutes) * 60 + second) * 1000 + fraction
        }
        self.init(milliseconds: milliseconds)
    }
}

extension Duration {
    /// Rounded toward zero and held inside 64 bits.
    var wholeMilliseconds: Int64 {
        let (seconds, attoseconds) = components
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1000)
        guard !overflow else { return seconds < 0 ? .min : .max }
        let (sum, sumOverflows) = product.addingReportingOverflow(attoseconds / 1_000_000_000_000_000)
        return sumOverflows ? (seconds < 0 ? .min : .max) : sum
    }
}

/// A day of the proleptic Gregorian calendar.
///
/// Source of the arithmetic: the 400-year era decomposition described in Howard Hinnant, "chrono-Compatible
/// Low-Level Date Algorithms" (days_from_civil and civil_from_days). It avoids `Calendar`, whose first use costs
/// more than a whole query of a small store.
private struct CivilDate {
    let year: Int64
    let month: Int64
    let day: Int64

    init?(year: Int64, month: Int64, day: Int64) {
        guard (1...12).contains(month), day >= 1 else { return nil }
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let lengths: [Int64] = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        guard day <= lengths[Int(month) - 1] else { return nil }
        (self.year, self.month, self.day) = (year, month, day)
    }

    init(daysSinceEpoch: Int64) {
        let shifted = daysSinceEpoch + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    var daysSinceEpoch: Int64 {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }
}

private func padded(_ number: Int64, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
}

private struct DigitScanner {
    private let bytes: [UInt8]
    private var index = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    var isAtEnd: Bool { index == bytes.count }

    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard index < bytes.count, UInt32(bytes[index]) == character.value else { return false }
        index += 1
        return true
    }

    mutating func digit() -> Int64? {
        guard index < bytes.count, (0x30...0x39).contains(bytes[index]) else { return nil }
        index += 1
        return Int64(bytes[index - 1] - 0x30)
    }

    mutating func number(digits count: Int) -> Int64? {
        var value: Int64 = 0
        for _ in 0..<count {
            guard let next = digit() else { return nil }
            value = value * 10 + next
        }
        return value
    }

    /// 0 when there is no fraction; nil when a point has no digit behind it.
    mutating func fractionAsMilliseconds() -> Int64? {
        guard skip(".") else { return 0 }
        guard let first = digit() else { return nil }
        var value = first * 100
        var scale: Int64 = 10
        while let next = digit() {
            value += next * scale
            scale /= 10
        }
        return value
    }

    mutating func offsetInMinutes() -> Int64? {
        if skip("Z") || skip("z") { return 0 }
        let sign: Int64
        if skip("+") {
            sign = 1
        } else if skip("-") {
            sign = -1
        } else {
            return nil
        }
        guard let hours = number(digits: 2), hours < 24, skip(":"), let minutes = number(digits: 2), minutes < 60
        else { return nil }
        return sign * (hours * 60 + minutes)
    }
}
