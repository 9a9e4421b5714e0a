import ArtifactStore
import Foundation
import Testing

#if S3
    @Suite("The command over a real S3 server", .enabled(if: S3Server.isWanted, S3Server.leftOut))
    struct S3CommandTests {
        private let lighthouse = StoreFolder.examples.appendingPathComponent("images/lighthouse-night.png")

        /// A store in which one image was recorded, its bytes in the bucket.
        private func recorded() async throws -> (store: StoreFolder, id: String) {
            let store = try await StoreFolder()
            // A run of its own gives the object a key of its own in the bucket that all tests share.
            let result = try await store.run(
                StoreFolder.recording("gemini-completed", run: UUID().uuidString), environment: S3Server.environment())
            try #require(result.status == 0, "\(result.errors)")
            return (store, try #require(try result.json()["artifacts"]?.array?.first).id)
        }

        @Test("record puts the bytes into the bucket, and get brings them back, by options as by variables")
        func roundTrip() async throws {
            let (store, id) = try await recorded()
            let environment = try S3Server.environment()
            let artifact = try await store.run(["show", id, "--format", "json"]).json()
            #expect(
                artifact[path: "storage", "kind"] == "s3" && artifact[path: "storage", "bucket"] == "artifact-tests")
            let image = try Data(contentsOf: lighthouse)
            #expect(try await store.run(["get", id], environment: environment).bytes == image)
            let keys = environment.filter { $0.key.hasPrefix("AWS_A") || $0.key.hasPrefix("AWS_S") }
            let endpoint = try #require(environment["AWS_ENDPOINT_URL_S3"])
            let byOptions = try await store.run(
                [
                    "get", id, "--objects", "s3://artifact-tests", "--s3-endpoint", endpoint, "--s3-region",
                    "us-east-1", "--s3-style", "path",
                ], environment: keys)
            #expect(byOptions.bytes == image, "\(byOptions.errors)")
            let inFolder = try FileManager.default.subpathsOfDirectory(atPath: store.objects)
            #expect(!inFolder.contains { $0.hasSuffix(id) || $0.contains("\(id)/") }, "and nothing in the folder")
        }

        @Test("Keys and region come from the profile that AWS_PROFILE names, and no variable is needed for either")
        func profile() async throws {
            let (store, id) = try await recorded()
            let given = try S3Server.environment()
            let folder = store.path(of: ".aws")
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            func write(_ name: String, _ text: String) throws {
                try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
            }
            try write("config", "[default]\nregion = US_EAST\n[profile ci]\nregion = us-east-1\n")
            try write(
                "credentials",
                "[ci]\naws_access_key_id = TESTKEY\naws_secret_access_key = \(S3Server.secret)\n")
            var environment = ["HOME": store.root, "AWS_PROFILE": "ci"]
            for name in ["ARTIFACTS_OBJECTS", "AWS_ENDPOINT_URL_S3"] { environment[name] = given[name] }
            let result = try await store.run(["get", id], environment: environment)
            #expect(try result.bytes == Data(contentsOf: lighthouse), "\(result.errors)")
            environment["AWS_DEFAULT_REGION"] = "EU_WEST"
            let refused = try await store.run(["get", id], environment: environment)
            #expect(refused.status == 64 && refused.errors.contains("region"), "the variable comes first")
        }

        @Test("url prints a URL that shows the image, the same again, and with --download one that saves it")
        func url() async throws {
            let (store, id) = try await recorded()
            let environment = try S3Server.environment()
            func url(_ options: [String] = []) async throws -> String {
                let result = try await store.run(["url", id] + options, environment: environment)
                try #require(result.status == 0, "\(result.errors)")
                #expect(result.errors.hasPrefix("expires 2"))
                return result.output.trimmingCharacters(in: .newlines)
            }
            let first = try await url()
            #expect(try await url() == first)
            let image = try Data(contentsOf: lighthouse)
            let shown = try await S3Server.fetch(first)
            #expect(shown.status == "200" && shown.type == "image/png" && shown.disposition == "None")
            #expect(shown.bytes == image)
            let saved = try await S3Server.fetch(url(["--download", "a b.png"]))
            #expect(saved.disposition == "attachment; filename=\"a b.png\"" && saved.bytes == image)
            #expect(
                try await S3Server.fetch(first.replacing("X-Amz-Expires=900", with: "X-Amz-Expires=901")).status
                    == "403")
        }

        @Test("export takes the images out of the bucket, and import puts them into one")
        func exchange() async throws {
            let (store, id) = try await recorded()
            let environment = try S3Server.environment()
            let export = store.path(of: "export")
            let exported = try await store.run(
                ["export", export, "--with-objects", "--format", "json"], environment: environment)
            #expect(try exported.json()["objectCount"] == 1, "\(exported.errors)")
            let copy = try await StoreFolder()
            let imported = try await copy.run(["import", export, "--format", "json"], environment: environment)
            #expect(try imported.json()["objectCount"] == 1, "\(imported.errors)")
            #expect(try await copy.run(["get", id], environment: environment).bytes == Data(contentsOf: lighthouse))
        }

        @Test("What is missing or wrong is named with its exit code, and nothing of a secret with it")
        func refused() async throws {
            let (store, id) = try await recorded()
            let inFolder = try await store.record("gemini-completed", run: "run_2")[0].id
            let good = try S3Server.environment()
            func with(_ changes: [String: String]) -> [String: String] { good.merging(changes) { $1 } }
            for (arguments, environment, code, reason) in [
                (["get", id], with(["AWS_REGION": ""]), 64, "--s3-region"),
                (["get", id], with(["AWS_ENDPOINT_URL_S3": "canary"]), 64, "endpoint"),
                (["get", id, "--objects", "s3://artifact-tests/path"], good, 64, "s3://BUCKET alone"),
                (["init", "--objects", "s3://A"], good, 64, "bucket name"),
                (["get", id, "--s3-style", "odd"], good, 64, "--s3-style"),
                (["get", id, "--objects", "s3://another-bucket"], good, 8, "--objects s3://artifact-tests"),
                (["get", id], [:], 8, "--objects s3://artifact-tests"),
                (["get", inFolder], good, 8, "Name their folder"), (["url", inFolder], good, 8, "Name their folder"),
                (["get", id], with(["AWS_SECRET_ACCESS_KEY": "canary"]), 8, "SignatureDoesNotMatch"),
                (["get", id], with(["AWS_SECRET_ACCESS_KEY": ""]), 64, "AWS_SECRET_ACCESS_KEY"),
                (["get", id], with(["AWS_SECRET_ACCESS_KEY": "", "AWS_ACCESS_KEY_ID": ""]), 8, "no S3 credentials"),
            ] as [([String], [String: String], Int32, String)] {
                let result = try await store.run(arguments, environment: environment)
                #expect(result.status == code, "\(arguments) \(reason): \(result.errors)")
                #expect(result.errors.contains(reason), "\(result.errors)")
                #expect(!result.errors.contains("canary") && !result.errors.contains(S3Server.secret))
                #expect(result.bytes.isEmpty)
            }
            let nothing = store.path(of: "nothing.sqlite")
            let made = try await store.run(["init", "--database", nothing], environment: with(["AWS_REGION": ""]))
            #expect(made.status == 64 && !FileManager.default.fileExists(atPath: nothing))
        }

        @Test("No output but the one asked for, no export and no backup has a signature or a secret in it")
        func canary() async throws {
            let (store, id) = try await recorded()
            let environment = try S3Server.environment()
            let printed = try await store.run(["url", id], environment: environment).output
            let signature = try #require(printed.firstMatch(of: /X-Amz-Signature=([0-9a-f]{64})/)).output.1
            var texts: [String] = []
            for command in [
                ["show", id, "--format", "json"], ["list", "--format", "ndjson"], ["events"], ["stats"], ["init"],
                ["url", id, "--valid-for", "8d"], ["backup", store.path(of: "backup.sqlite")],
                ["export", store.path(of: "export"), "--with-objects"], ["url", "--help"],
            ] {
                let result = try await store.run(command, environment: environment)
                texts.append(result.output + result.errors)
            }
            let files = try await store.shell(
                "cat artifacts.sqlite artifacts.sqlite-wal backup.sqlite; find export -type f -exec cat {} +")
            texts.append(files.output)
            for text in texts { #expect(!text.contains(signature) && !text.contains(S3Server.secret)) }
        }
    }
#else
    @Suite("The command without S3")
    struct S3CommandTests {
        @Test("It says how to build one with S3")
        func without() async throws {
            let store = try await StoreFolder()
            let result = try await store.run(["init", "--objects", "s3://renders", "--s3-region", "eu-central-1"])
            #expect(result.status == 64)
            #expect(result.errors.contains("--traits CLI,S3"), "\(result.errors)")
        }
    }
#endif
