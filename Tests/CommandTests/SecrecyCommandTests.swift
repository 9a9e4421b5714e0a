#if S3
    import ArtifactStore
    import ArtifactStoreTesting
    import Foundation
    import Testing

    @Suite("No command gives a secret away", .enabled(if: S3Server.isWanted, S3Server.leftOut))
    struct SecrecyCommandTests {
        /// What the environment holds beside the keys of S3: of each, no part is printable without the whole.
        private static let others = [
            "AWS_SESSION_TOKEN": "CANARYSESSIONTOKEN", "AWS_CONTAINER_AUTHORIZATION_TOKEN": "CANARYAGENTTOKEN",
            "ARTIFACTS_URL_KEYS": "k1:\(String(repeating: "c0ffee11", count: 8))",
            "ARTIFACTS_URL_BASE": "https://renders.example/objects",
        ]
        private static let canaries = [
            S3Server.secret, "CANARYSECRETKEY", "CANARYSESSIONTOKEN", "CANARYAGENTTOKEN", "c0ffee11",
            "AWS4-HMAC-SHA256",
        ]

        /// A store with an image in the bucket, and what reading commands need.
        private struct Prepared {
            let store: StoreFolder
            let id: String
            let run = UUID().uuidString
            let good: [String: String]

            init() async throws {
                store = try await StoreFolder()
                good = try S3Server.environment()
                let result = try await store.run(StoreFolder.recording("gemini-completed", run: run), environment: good)
                try #require(result.status == 0, "\(result.errors)")
                id = try #require(try result.json()["artifacts"]?.array?.first).id
                for command in [["backup", path("backup")], ["export", path("export"), "--with-objects"]] {
                    try #require(try await store.run(command, environment: good).status == 0)
                }
            }

            func path(_ name: String) -> String { store.path(of: name) }

            /// Every command, as it is given a name that no other call of it has.
            func commands(_ name: String) -> [[String]] {
                let recorded = StoreFolder.recording("gemini-completed", run: "\(run)-\(name)").dropLast(2)
                return [
                    ["init"], ["init", "--database", path("\(name).sqlite")], Array(recorded), ["list"], ["show", id],
                    ["run", run], ["get", id], ["get", id, "--output", path("\(name).png")], ["events"], ["sweep"],
                    ["stats"], ["migrate", "status"], ["migrate", "plan"], ["migrate", "up"], ["migrate", "verify"],
                    ["migrate", "lint"], ["backup", path("\(name).backup")],
                    ["export", path("\(name)-export"), "--with-objects"],
                    ["import", path("export"), "--database", path("\(name).sqlite")],
                    ["restore", path("backup"), "--database", path("\(name)-restored.sqlite")], ["urls", "purge"],
                    ["url", id, "--valid-for", "8d"], ["url", id, "--objects", "s3://another-bucket"],
                    ["usage", "--by", "run"], ["failures"], ["delete", "--waiting"], ["delete", "--run", "none"],
                    ["models", "import", path("none.json")], ["models", "list"], ["models", "show", "none"],
                    ["models", "diff"], ["recompute"], ["reindex"], ["verify", id],
                    ["doctor", "--plan", path("\(name).plan")],
                    ["doctor", "--apply", path("table.plan")],
                    ["show", "art_none"], ["get", "art_none"], ["export", path("export")],
                    ["get", id, "--s3-endpoint", "https://user:CANARYSECRETKEY@host"],
                ]
            }
        }

        /// Runs every command in every format that it has.
        ///
        /// - Returns: What was printed, by the command that printed it.
        private func printed(
            _ prepared: Prepared, _ environment: [String: String]
        ) async throws -> [(command: String, status: Int32, text: Data)] {
            var printed: [(String, Int32, Data)] = []
            func run(_ words: [String]) async throws -> Command.Result {
                let result = try await prepared.store.run(words, environment: environment)
                printed.append((words.joined(separator: " "), result.status, result.bytes + Data(result.errors.utf8)))
                return result
            }
            var formatted: Set<String> = []
            for format in ["table", "json", "ndjson", "csv"] {
                for words in prepared.commands(format) {
                    let name = words.prefix(words[0] == "migrate" || words[0] == "urls" ? 2 : 1)
                    let help = try await run(name + ["--help"])
                    let hasFormats = help.output.contains("--format")
                    if hasFormats { formatted.insert(words[0]) }
                    guard hasFormats || format == "table" else { continue }
                    _ = try await run(words + (hasFormats ? ["--format", format] : []))
                }
            }
            #expect(formatted.count > 8, "the search for formats finds too few")
            return printed
        }

        private func expectNothing(of canaries: [String], in bytes: Data, _ place: String) {
            for canary in canaries { #expect(bytes.range(of: Data(canary.utf8)) == nil, "\(canary) in \(place)") }
        }

        /// Everything below the store's folder: databases, logs, backups, exports, images.
        private func files(_ prepared: Prepared) throws -> [(path: String, bytes: Data)] {
            try FileManager.default.subpathsOfDirectory(atPath: prepared.store.root).compactMap { path in
                FileManager.default.contents(atPath: prepared.path(path)).map { (path, $0) }
            }
        }

        @Test("The commands below are all there are")
        func complete() async throws {
            let prepared = try await Prepared()
            let tried = Set(prepared.commands("x").map { $0[0] })
            let help = try await prepared.store.run(["--help"]).output
            let section = try #require(help.split(separator: "SUBCOMMANDS:\n").last?.split(separator: "\n\n").first)
            // A second line of a description is indented further.
            let names = section.split(separator: "\n").filter { !$0.hasPrefix("   ") }
                .compactMap { $0.split(separator: " ").first }
            #expect(names.count > 10 && tried == Set(names.map(String.init)))
        }

        @Test("Not to a server that takes the keys; but for the URL that was asked for")
        func accepted() async throws {
            let prepared = try await Prepared()
            var environment = Self.others.merging(prepared.good) { $1 }
            environment["AWS_SESSION_TOKEN"] = nil
            let url = try await prepared.store.run(["url", prepared.id], environment: environment)
            let signature = try #require(url.output.firstMatch(of: /X-Amz-Signature=([0-9a-f]{64})/)).output.1
            let inFolder = try await prepared.store.record("gemini-completed", run: "run_2")[0].id
            let served = try await prepared.store.run(["url", inFolder], environment: Self.others)
            let other = try #require(served.output.firstMatch(of: /signature=([0-9a-f]{64})/)).output.1
            let canaries = Self.canaries + [String(signature), String(other)]
            for result in [url, served] { expectNothing(of: canaries, in: Data(result.errors.utf8), "url's errors") }
            for (command, _, text) in try await printed(prepared, environment) {
                expectNothing(of: canaries + ["X-Amz-"], in: text, command)
            }
            let files = try files(prepared)
            for (path, bytes) in files { expectNothing(of: canaries, in: bytes, path) }
            // What may be kept, the id of the key that signed, is found: the search reads the databases.
            let id = Data("TESTKEY".utf8)
            #expect(files.contains { $0.path.hasPrefix("artifacts.sqlite") && $0.bytes.range(of: id) != nil })
        }

        @Test("Not to a server that refuses them, with a token and without", arguments: [true, false])
        func refused(withToken: Bool) async throws {
            let prepared = try await Prepared()
            var environment = Self.others.merging(prepared.good) { $1 }
            environment["AWS_SECRET_ACCESS_KEY"] = "CANARYSECRETKEY"
            environment["AWS_SESSION_TOKEN"] = withToken ? "CANARYSESSIONTOKEN" : nil
            // Signed without asking the server; the token is a part of the URL, and of nothing that is kept.
            let url = try await prepared.store.run(["url", prepared.id], environment: environment)
            #expect(url.status == 0 && url.output.contains("CANARYSESSIONTOKEN") == withToken)
            expectNothing(of: Self.canaries, in: Data(url.errors.utf8), "url's errors")
            let printed = try await printed(prepared, environment)
            for (command, _, text) in printed { expectNothing(of: Self.canaries, in: text, command) }
            #expect(printed.contains { $0.command.hasPrefix("get") && $0.status == 8 }, "the server refuses")
            for (path, bytes) in try files(prepared) { expectNothing(of: Self.canaries, in: bytes, path) }
        }

        @Test("Not to a server that repeats all it was sent in its refusal")
        func echoed() async throws {
            let prepared = try await Prepared()
            try await EchoServer.during { server in
                var environment = Self.others.merging(prepared.good) { $1 }
                environment["AWS_SECRET_ACCESS_KEY"] = "CANARYSECRETKEY"
                environment["AWS_ENDPOINT_URL_S3"] = server.endpoint
                let printed = try await printed(prepared, environment)
                let seen = try server.seen()
                let signatures = seen.compactMap { $0.firstMatch(of: /Signature=([0-9a-f]{64})/)?.output.1 }
                #expect(seen.count > 5 && signatures.count == seen.count, "every request was signed")
                #expect(seen.allSatisfy { $0.contains("CANARYSESSIONTOKEN") })
                let canaries = Self.canaries + signatures.map(String.init)
                for (command, _, text) in printed { expectNothing(of: canaries, in: text, command) }
                for (path, bytes) in try files(prepared) { expectNothing(of: canaries, in: bytes, path) }
            }
        }
    }
#endif
