#if S3
    import ArtifactStore
    import ArtifactStoreS3
    import Foundation
    import Synchronization

    /// What a process of `LargeObjectComparison` does.
    enum LargeObject {
        /// Name, description, and whether its memory must stay well below the object's size.
        static let works = [
            ("put-read", "put of bytes that were read", false), ("put-mapped", "put of a mapped file", true),
            ("put-again", "put of the same file again", true), ("get", "get", false),
            ("chunks", "read in chunks", true),
        ]

        /// Where the objects of a folder go.
        static func folder(_ settings: Settings) -> String { settings.folder + "/large-objects" }

        /// - Parameter words: Place, work, the object's file, and its SHA-256.
        static func run(_ words: [String], _ settings: Settings) async throws {
            guard words.count == 4 else { throw BenchError("large-object PLACE WORK FILE SHA256") }
            let url = URL(fileURLWithPath: words[2])
            let key = try ObjectKey("large/\(words[1] == "put-read" ? "read" : "mapped")/\(words[3])")
            let facts = ImageFacts(
                byteCount: Int64(try Data(contentsOf: url, options: .alwaysMapped).count), sha256: words[3])
            let peak = PeakMemory()
            let storage: any ChunkReadingStorage =
                switch words[0] {
                case "s3": try S3ObjectStorage(S3Place(settings).configuration())
                default: try DirectoryObjectStorage(root: folder(settings), bucket: "bench")
                }
            switch words[1] {
            case "put-read": try await storage.put(Data(contentsOf: url), at: key, sha256: words[3])
            case "put-mapped", "put-again":
                try await storage.put(Data(contentsOf: url, options: .alwaysMapped), at: key, sha256: words[3])
            case "get": _ = try await storage.get(key, expecting: facts)
            default:
                var count = 0
                for try await chunk in try storage.chunks(of: key, expecting: facts) { count += chunk.count }
                guard count == facts.byteCount ?? 0 else { throw BenchError("the chunks are not the object") }
            }
            print(peak.kibibytes())
        }
    }

    /// The most memory of this process's own, looked at every few milliseconds: pages of mapped files, which the system
    /// takes back whenever it needs memory, are not among it.
    private final class PeakMemory: Sendable {
        private let most = Mutex(0)

        init() {
            Thread.detachNewThread { [self] in
                while true {
                    note()
                    usleep(2_000)
                }
            }
        }

        func kibibytes() -> Int {
            note()
            return most.withLock { $0 }
        }

        private func note() {
            let text = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
            let found = text.firstMatch(of: /RssAnon:\s+(\d+) kB/).flatMap { Int($0.output.1) } ?? 0
            most.withLock { $0 = max($0, found) }
        }
    }
#endif
