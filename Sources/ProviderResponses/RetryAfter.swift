internal import ArtifactStore
internal import Foundation

/// How long a provider asks to wait before the next request.
enum RetryAfter {
    /// The longest wait the record holds: a year.
    private static let longest = 31_536_000.0

    /// Whole seconds, rounded up, 0 to a year; nil when the provider says nothing that can be read.
    ///
    /// In this order: `retry-after-ms` (OpenAI's own, finer than the standard one), `retry-after` (RFC 9110 section
    /// 10.2.3) and the `retryDelay` of Google's `google.rpc.RetryInfo`.
    static func seconds(_ response: ProviderHTTPResponse, _ error: ProviderError?) -> Int64? {
        if let milliseconds = response.header("retry-after-ms").flatMap(decimal) { return whole(milliseconds / 1000) }
        if let text = response.header("retry-after") {
            if let seconds = decimal(text) { return whole(seconds) }
            // A date means something only beside the provider's own clock; ours may differ by any amount.
            if let until = moment(text), let now = response.header("date").flatMap(moment) {
                return whole(Double(until.milliseconds - now.milliseconds) / 1000)
            }
        }
        guard let delay = error?.retryDelay, delay.hasSuffix("s") else { return nil }
        return decimal(String(delay.dropLast())).map(whole)
    }

    private static func whole(_ seconds: Double) -> Int64 {
        Int64(min(max(seconds, 0), longest).rounded(.up))
    }

    /// A plain decimal. `Double` alone would take `nan`, `inf` and hexadecimal too.
    private static func decimal(_ text: String) -> Double? {
        let text = text.trimmingCharacters(in: .whitespaces)
        guard text.utf8.count <= 32, text.utf8.allSatisfy({ "0123456789.-".utf8.contains($0) }) else { return nil }
        return Double(text)
    }

    /// The one date format RFC 9110 section 5.6.7 lets senders write: `Sun, 06 Nov 1994 08:49:37 GMT`.
    private static func moment(_ text: String) -> Timestamp? {
        let parts = text.trimmingCharacters(in: .whitespaces).split(separator: " ", omittingEmptySubsequences: false)
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        guard parts.count == 6, parts[5] == "GMT", let month = months.firstIndex(of: String(parts[2])) else {
            return nil
        }
        let number = month < 9 ? "0\(month + 1)" : "\(month + 1)"
        return Timestamp("\(parts[3])-\(number)-\(parts[1])T\(parts[4])Z")
    }
}
