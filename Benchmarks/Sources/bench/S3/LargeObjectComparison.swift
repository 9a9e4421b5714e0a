#if S3
    import ArtifactStore
    import Foundation

    /// An object of 1 GiB stored and read: how much memory a process needs for it.
    enum LargeObjectComparison {
        static func run(_ settings: Settings, _ report: Report) async throws {
            let byteCount = settings.isQuick ? 134_217_728 : Int(ImageFacts.maximumStoredByteCount)
            report.section("Memory for an object of \(byteCount >> 20) MiB, each in a process of its own")
            let file = settings.folder + "/large.png"
            let folder = LargeObject.folder(settings)
            try? FileManager.default.removeItem(atPath: folder)
            defer { for path in [file, folder] { try? FileManager.default.removeItem(atPath: path) } }
            let bytes = try UploadBodies.image(settings, byteCount: byteCount)
            try bytes.write(to: URL(fileURLWithPath: file))
            let sha256 = try ImageFacts.describing(bytes).sha256 ?? ""
            for place in ["s3", "folder"] {
                for (work, text, isBounded) in LargeObject.works {
                    let words = [CommandLine.arguments[0], "large-object", place, work, file, sha256]
                    let output = settings.folder + "/large-output"
                    let run = try TerminalRun(words, output: output)
                    let anonymous = try String(contentsOfFile: output, encoding: .utf8)
                        .split(whereSeparator: \.isWhitespace).first.flatMap { Double($0) }
                    guard let anonymous else { throw BenchError("\(words) printed no memory") }
                    report.note(
                        "\(place), \(text): \(short(run.seconds)) s, at most \(short(anonymous / 1024)) MiB of its own"
                            + " and \(short(run.peakMiB)) MiB with files that are mapped")
                    guard isBounded else { continue }
                    var share = Samples()
                    share.add(anonymous * 1024 / Double(byteCount))
                    report.result("\(place), \(text), memory / object", share, .atMost(settings.isQuick ? 1.5 : 0.2))
                }
            }
        }
    }
#endif
