internal import ArtifactStore
internal import Foundation

/// The files of the AWS tools: sections in brackets, `name = value` lines in them.
struct SharedFiles {
    /// What each profile's lines say. The credentials file wins over the configuration file, line by line.
    let profiles: [String: [String: String]]

    init(_ environment: S3Environment) throws(StoreError) {
        let home = environment["HOME"]
        func path(_ variable: String, _ name: String) -> String? {
            if let given = environment[variable] {
                guard given.hasPrefix("~/"), let home else { return given }
                return home + given.dropFirst()
            }
            return home.map { "\($0)/.aws/\(name)" }
        }
        var profiles: [String: [String: String]] = [:]
        if let config = path("AWS_CONFIG_FILE", "config"), let text = try environment.text(config, "AWS config file") {
            for (section, lines) in try Self.sections(text, config) {
                // [default] and [profile NAME]; other sections, such as [sso-session x], are no profiles.
                if section == "default" {
                    profiles[section, default: [:]].merge(lines) { $1 }
                } else if section.hasPrefix("profile ") {
                    let name = section.dropFirst("profile ".count).trimmingCharacters(in: .whitespaces)
                    profiles[name, default: [:]].merge(lines) { $1 }
                }
            }
        }
        if let file = path("AWS_SHARED_CREDENTIALS_FILE", "credentials"),
            let text = try environment.text(file, "AWS credentials file")
        {
            for (section, lines) in try Self.sections(text, file) {
                profiles[section, default: [:]].merge(lines) { $1 }
            }
        }
        self.profiles = profiles
    }

    private static func sections(_ text: String, _ path: String) throws(StoreError) -> [String: [String: String]] {
        var sections: [String: [String: String]] = [:]
        var section: String?
        for (index, line) in text.split(separator: /\r\n|\n|\r/, omittingEmptySubsequences: false).enumerated() {
            // An indented line belongs to the value above it (as in `s3 =`): none of those is read here.
            guard let first = line.first, first != " ", first != "\t", first != "#", first != ";" else { continue }
            // The line itself stays out of the error: it may be a secret without its name.
            let place = "line \(index + 1) of \(path)"
            if first == "[" {
                guard let end = line.firstIndex(of: "]") else {
                    throw refusal("\(place) opens a section and does not close it")
                }
                let name = line[line.index(after: line.startIndex)..<end].trimmingCharacters(in: .whitespaces)
                section = name
                sections[name, default: [:]].merge([:]) { $1 }
            } else {
                guard let section else { throw refusal("\(place) stands before the first section") }
                guard let equals = line.firstIndex(of: "=") else { throw refusal("\(place) is no name = value") }
                let name = line[..<equals].trimmingCharacters(in: .whitespaces).lowercased()
                var value = line[line.index(after: equals)...].trimmingCharacters(in: .whitespaces)
                // A comment needs white space before its mark: secrets may hold # themselves.
                if let comment = value.firstMatch(of: /[ \t][#;]/) {
                    value = value[..<comment.range.lowerBound].trimmingCharacters(in: .whitespaces)
                }
                sections[section, default: [:]][name] = value
            }
        }
        return sections
    }

    private static func refusal(_ reason: String) -> StoreError {
        StoreError(.invalidInput, reason, hint: "Mend the file: [profile] lines, then name = value lines.")
    }
}
