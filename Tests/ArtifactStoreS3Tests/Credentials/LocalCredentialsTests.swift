import ArtifactStore
import ArtifactStoreTesting
import Foundation
import Testing

@testable import ArtifactStoreS3

@Suite("Credentials from the environment and the files of the AWS tools")
struct LocalCredentialsTests {
    private static let files = [
        "/home/u/.aws/credentials": """
        # a comment
        [default]
        aws_access_key_id = DEFAULTKEY
        aws_secret_access_key=abc=/+#def
        [ci]
        AWS_ACCESS_KEY_ID = CIKEY ; a comment
        aws_secret_access_key = cisecret
        aws_session_token = citoken
        """,
        "/home/u/.aws/config": """
        [default]
        region = eu-central-1
        s3 =
            addressing_style = path
        [profile shared]
        aws_access_key_id = SHAREDKEY
        aws_secret_access_key = sharedsecret
        [profile ci]
        aws_secret_access_key = overruled
        [profile role]
        role_arn = arn:aws:iam::1:role/r
        source_profile = default
        [profile half]
        aws_access_key_id = HALF
        [profile empty]
        region = us-east-1
        [profile blank]
        region =
        [sso-session ci]
        sso_start_url = https://example.com
        """,
        "/etc/keys": "[default]\r\naws_access_key_id=OTHERKEY\r\naws_secret_access_key=other\r\n",
    ]

    private func shared(_ variables: [String: String], profile: String? = nil) -> SharedFileS3Credentials {
        SharedFileS3Credentials(
            environment(variables.merging(["HOME": "/home/u"]) { $1 }, files: Self.files), profile: profile)
    }

    @Test("Variables give keys, with a token or without; empty is not set")
    func variables() async throws {
        let keys = ["AWS_ACCESS_KEY_ID": "K", "AWS_SECRET_ACCESS_KEY": "S"]
        #expect(try await EnvironmentS3Credentials(environment(keys)).parts() == ["K", "S", nil])
        let withToken = keys.merging(["AWS_SESSION_TOKEN": "T"]) { $1 }
        #expect(try await EnvironmentS3Credentials(environment(withToken)).parts() == ["K", "S", "T"])
        #expect(try await EnvironmentS3Credentials(environment(["AWS_ACCESS_KEY_ID": ""])).parts() == nil)
        let ending = EnvironmentS3Credentials(
            environment(withToken.merging(["AWS_CREDENTIAL_EXPIRATION": "2027-01-15T08:00:00+00:00"]) { $1 }))
        #expect(try await ending.credentials()?.expiresAt == Timestamp(milliseconds: 1_800_000_000_000))
        _ = try await storeError(.invalidInput) {
            _ = try await EnvironmentS3Credentials(
                environment(keys.merging(["AWS_CREDENTIAL_EXPIRATION": "soon"]) { $1 })
            ).credentials()
        }
        for name in keys.keys {
            _ = try await storeError(.invalidInput) {
                _ = try await EnvironmentS3Credentials(environment([name: "x"])).credentials()
            }
        }
    }

    @Test("The default profile, a named one, one of the config file, and files elsewhere")
    func profiles() async throws {
        #expect(try await shared([:]).parts() == ["DEFAULTKEY", "abc=/+#def", nil])
        #expect(try await shared(["AWS_PROFILE": "ci"]).parts() == ["CIKEY", "cisecret", "citoken"])
        #expect(
            try await shared(["AWS_PROFILE": "ci"], profile: "shared").parts() == ["SHAREDKEY", "sharedsecret", nil])
        #expect(try await shared(["AWS_SHARED_CREDENTIALS_FILE": "/etc/keys"]).parts() == ["OTHERKEY", "other", nil])
        #expect(try await shared(["AWS_CONFIG_FILE": "~/.aws/config", "AWS_PROFILE": "shared"]).parts() != nil)
    }

    @Test("The region is AWS_REGION's, else AWS_DEFAULT_REGION's, else the profile's, else nobody's")
    func region() throws {
        func region(_ variables: [String: String]) throws -> String? {
            try environment(variables.merging(["HOME": "/home/u"]) { $1 }, files: Self.files).region()
        }
        let both = ["AWS_REGION": "eu-west-1", "AWS_DEFAULT_REGION": "eu-west-2", "AWS_PROFILE": "empty"]
        #expect(try region(both) == "eu-west-1")
        #expect(try region(both.merging(["AWS_REGION": ""]) { $1 }) == "eu-west-2")
        #expect(try region(["AWS_PROFILE": "empty"]) == "us-east-1")
        #expect(try region([:]) == "eu-central-1")
        for profile in ["ci", "blank", "unheard-of"] { #expect(try region(["AWS_PROFILE": profile]) == nil) }
        #expect(try environment([:]).region() == nil)
    }

    @Test("A broken file is no reason to guess a region, and none to refuse one that a variable names")
    func regionBesideBrokenFile() async throws {
        let files = ["/f": "[default\nregion = eu-central-1"]
        _ = try await storeError(.invalidInput) {
            _ = try environment(["AWS_CONFIG_FILE": "/f"], files: files).region()
        }
        #expect(try environment(["AWS_CONFIG_FILE": "/f", "AWS_REGION": "eu-west-1"], files: files).region() != nil)
    }

    @Test("Files that are not there are no error unless a profile was asked for")
    func missing() async throws {
        #expect(try await SharedFileS3Credentials(environment([:])).parts() == nil)
        #expect(try await SharedFileS3Credentials(environment(["HOME": "/nobody"])).parts() == nil)
        let error = try await storeError(.invalidInput) {
            _ = try await SharedFileS3Credentials(environment([:]), profile: "ci").credentials()
        }
        #expect(error.message.contains("ci"))
    }

    @Test("Profiles without usable keys are refused, saying why", arguments: ["role", "half", "empty", "unheard-of"])
    func refused(profile: String) async throws {
        let error = try await storeError(.invalidInput) { _ = try await shared(["AWS_PROFILE": profile]).credentials() }
        #expect(error.message.contains(profile))
        if profile == "role" { #expect(error.message.contains("role_arn")) }
        if profile == "half" { #expect(error.message.contains("half a key pair")) }
    }

    @Test(
        "A broken file is refused by its line number, and never quoted",
        arguments: ["[default\nx=y", "canary = 1", "[default]\ncanary"])
    func broken(text: String) async throws {
        let error = try await storeError(.invalidInput) {
            _ = try await SharedFileS3Credentials(
                environment(["AWS_SHARED_CREDENTIALS_FILE": "/f"], files: ["/f": text])
            ).credentials()
        }
        #expect(error.message.contains("line") && error.message.contains("/f"))
        #expect(!error.description.contains("canary"))
    }

    @Test("A file of more than 1 MiB, such as a device's, is refused")
    func large() async throws {
        for (count, isRefused) in [(1_048_576, false), (1_048_577, true)] {
            let environment = environment(
                ["AWS_CONFIG_FILE": "/f"], files: ["/f": String(repeating: "\n", count: count)])
            if isRefused {
                _ = try await storeError(.invalidInput) { _ = try environment.region() }
            } else {
                #expect(try environment.text("/f", "file")?.utf8.count == count)
            }
        }
    }

    @Test("A file that cannot be read is an error, not an absence")
    func unreadable() async throws {
        let environment = S3Environment(["HOME": "/h"]) { _ in throw CocoaError(.fileReadNoPermission) }
        _ = try await storeError(.invalidInput) { _ = try await SharedFileS3Credentials(environment).credentials() }
    }

    @Test("Keys with line breaks, spaces or nothing in them are refused", arguments: ["", " ", "a\n", "a b", "\u{E9}"])
    func characters(text: String) {
        for (id, secret, token) in [(text, "s", "t"), ("k", text, "t"), ("k", "s", text)] {
            let error = #expect(throws: StoreError.self) {
                _ = try S3Credentials(accessKeyId: id, secretAccessKey: secret, sessionToken: token)
            }
            #expect(error?.code == .invalidInput)
        }
    }

    @Test("The file system is read for real, and a missing file is nil")
    func process() throws {
        let folder = try TemporaryFolder()
        try Data("text\n".utf8).write(to: URL(fileURLWithPath: folder.path(of: "token")))
        #expect(try S3Environment.process.text(folder.path(of: "token"), "file") == "text\n")
        #expect(try S3Environment.process.text(folder.path(of: "missing"), "file") == nil)
        #expect(throws: StoreError.self) { _ = try S3Environment.process.text(folder.path, "file") }
    }
}
