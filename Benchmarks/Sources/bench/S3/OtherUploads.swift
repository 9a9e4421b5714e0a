#if S3
    import Foundation

    /// Other programs that upload the same bytes with as many connections, under keys of their own.
    struct OtherUploads {
        private let python: String
        private let script: String
        private let bodies: UploadBodies
        private let folder: String
        private let callers: Int

        init(_ settings: Settings, _ bodies: UploadBodies, callers: Int) throws {
            guard let python = settings.s3Python else {
                throw BenchError("S3_TEST_PYTHON names no Python with boto3: run it as README.md says")
            }
            self.python = python
            script = settings.root + "/Benchmarks/s3-upload.py"
            self.bodies = bodies
            folder = settings.folder + "/uploads"
            self.callers = callers
        }

        /// boto3 as it is usually called; boto3 asked for what we ask for (SHA-256 checked, nothing overwritten); curl
        /// with URLs signed beforehand, so that it neither hashes nor signs.
        static let names = ["boto3", "boto3 with our checks", "curl", "curl with our checks"]

        func seconds(_ name: String, count: Int, from first: Int) throws -> Double {
            let printed = try Subprocess.run(
                [python, script, name, "\(count)", "\(first)", "\(callers)", S3Place.bucket, bodies.path, folder]
            ).output
            guard name.hasPrefix("curl") else {
                guard let seconds = Double(printed.trimmingCharacters(in: .whitespacesAndNewlines)) else {
                    throw BenchError("s3-upload.py printed no time")
                }
                return seconds
            }
            defer { try? FileManager.default.removeItem(atPath: folder) }
            return try Subprocess.run([
                "curl", "--no-progress-meter", "--fail-early", "--parallel", "--parallel-max",
                "\(callers)", "--config", folder + "/curl.conf",
            ]).seconds
        }
    }
#endif
