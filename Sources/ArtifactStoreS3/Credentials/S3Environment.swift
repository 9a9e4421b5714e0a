public import ArtifactStore
internal import Foundation

/// The surroundings that credentials are looked up in: variables and files, both given by the caller.
public struct S3Environment: Sendable, CustomStringConvertible, CustomReflectable {
    private let variables: [String: String]
    private let read: @Sendable (String) throws -> [UInt8]?

    /// An environment from its parts.
    ///
    /// - Parameter read: The bytes of the file at a path; nil when there is no such file.
    public init(_ variables: [String: String], read: @escaping @Sendable (String) throws -> [UInt8]?) {
        self.variables = variables
        self.read = read
    }

    /// This process's variables and the file system.
    public static var process: S3Environment {
        S3Environment(ProcessInfo.processInfo.environment) { path in
            guard FileManager.default.fileExists(atPath: path) else { return nil }
            return Array(try Data(contentsOf: URL(fileURLWithPath: path)))
        }
    }

    /// Says nothing of the variables: secrets are among them.
    public var description: String { "S3Environment(<redacted>)" }
    /// Without children: `dump` and debuggers walk mirrors.
    public var customMirror: Mirror { Mirror(self, children: [:]) }

    /// A variable's value. Empty counts as not set, as it does for the AWS tools.
    subscript(name: String) -> String? {
        variables[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The region that is set up here, where the AWS tools look for it and in their order: `AWS_REGION`,
    /// `AWS_DEFAULT_REGION`, then `region` of the profile, which is `AWS_PROFILE` or `default`, in the files that
    /// ``SharedFileS3Credentials`` reads. Files are only read where no variable names one.
    ///
    /// - Returns: Nil when none of them names one.
    /// - Throws: ``ArtifactStore/StoreError`` with code `invalidInput` when a file cannot be read or is broken.
    public func region() throws(StoreError) -> String? {
        if let named = self["AWS_REGION"] ?? self["AWS_DEFAULT_REGION"] { return named }
        let lines = try SharedFiles(self).profiles[self["AWS_PROFILE"] ?? "default"]
        return lines?["region"].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The text of a file, at most 1 MiB; nil when there is none.
    func text(_ path: String, _ what: String) throws(StoreError) -> String? {
        let bytes: [UInt8]?
        do {
            bytes = try read(path)
        } catch {
            // The system's own words stay out: some of them quote what they read.
            throw StoreError(
                .invalidInput, "the \(what) \(path) cannot be read", hint: "Check its path and permissions.")
        }
        guard let bytes else { return nil }
        guard bytes.count <= 1_048_576, let text = String(validating: bytes, as: UTF8.self) else {
            throw StoreError(
                .invalidInput, "the \(what) \(path) is longer than 1 MiB or no UTF-8", hint: "Check its path.")
        }
        return text
    }

    /// A token from a file that is rewritten when the token is renewed, without the line break at its end.
    func token(_ path: String, _ what: String) throws(StoreError) -> String {
        guard let token = try text(path, what)?.trimmingCharacters(in: .whitespacesAndNewlines), !token.isEmpty else {
            throw StoreError(
                .invalidInput, "the \(what) \(path) is missing or empty", hint: "Mend the path or mount the file.")
        }
        return token
    }
}
