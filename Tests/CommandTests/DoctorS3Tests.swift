#if S3
    import ArtifactStore
    import Foundation
    import Testing

    @Suite("doctor and verify over a real S3 server", .enabled(if: S3Server.isWanted, S3Server.leftOut))
    struct DoctorS3Tests {
        /// The plan's findings about one run: other tests have objects of theirs in the same bucket.
        private func findings(_ plan: String, of run: String) throws -> [JSONValue] {
            try String(contentsOfFile: plan, encoding: .utf8).split(separator: "\n").map {
                try JSONParser.parse(String($0))
            }
            .filter { $0["finding"] != nil && $0["key"]?.string?.contains(run) == true }
        }

        @Test("An orphan in a bucket that others use goes into quarantine, and everything else stays")
        func round() async throws {
            let environment = try S3Server.environment()
            let store = try await StoreFolder()
            let (kept, gone) = (UUID().uuidString, UUID().uuidString)
            for run in [kept, gone] {
                let recording = StoreFolder.recording("gemini-completed", run: run)
                try await store.run(recording, environment: environment).requireSuccess()
            }
            // Deleted while the bucket was out of reach, and then called removed by mistake.
            try await store.run(["delete", "--run", gone]).requireSuccess()
            let plan = store.path(of: "renders.plan")
            let doctor = ["doctor", "--plan", plan, "--format", "json"]
            let waiting = try await store.run(doctor + ["--grace", "0s"], environment: environment)
            #expect(try waiting.json()["removingCount"] == 1, "\(waiting.errors)")
            try await store.sql("UPDATE objectRemoval SET removedAt = notedAt, heldUntil = NULL")

            try await store.run(doctor, environment: environment).requireSuccess()
            #expect(try findings(plan, of: gone).isEmpty, "within the grace period")
            let looked = try await store.run(doctor + ["--grace", "0s", "--bytes"], environment: environment)
            let report = try looked.json()
            #expect(looked.status == 0 && report["artifactCount"] == 1, "\(looked.errors)")
            #expect(try findings(plan, of: kept).isEmpty)
            #expect(try findings(plan, of: gone).map { $0["action"] } == ["quarantine"])
            #expect(report[path: "actions", "quarantine"] == 1, "nothing of others")

            let applied = try await store.run(
                ["doctor", "--apply", plan, "--format", "json"], environment: environment)
            #expect(try applied.json()["quarantinedCount"] == 1, "\(applied.errors) \(applied.output)")
            try await store.run(doctor + ["--grace", "0s"], environment: environment).requireSuccess()
            let quarantined = try findings(plan, of: gone)
            #expect(quarantined.map { $0["finding"] } == ["quarantined_object"])
            #expect(quarantined.first?["key"]?.string?.hasPrefix("quarantine/2") == true)

            let verified = try await store.run(["verify", "--format", "json"], environment: environment)
            #expect(verified.status == 0)
            #expect(try verified.json()["artifactCount"] == 1, "\(verified.errors)")
            let here = try await store.run(["verify"])
            #expect(here.status == 8 && here.errors.contains("elsewhere"))
        }
    }
#endif
