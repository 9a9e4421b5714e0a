internal import ArtifactStore
internal import Foundation

extension ObjectStorageConformance {
    static let writingChecks = [
        Check("Law 1: what was put is found at once by get and head") { probe in
            let (key, bytes) = (try probe.key(), probe.bytes())
            try await probe.put(bytes, at: key)
            try await probe.expectObject(bytes, at: key)
        },
        Check("Law 2: the same bytes under the same key again succeed") { probe in
            let (key, bytes) = (try probe.key(), probe.bytes())
            try await probe.put(bytes, at: key)
            try await probe.put(bytes, at: key)
            try await probe.expectObject(bytes, at: key)
        },
        Check("Law 2: other bytes of the same length are refused and the first ones stay") { probe in
            let (key, bytes) = (try probe.key(), probe.bytes())
            try await probe.put(bytes, at: key)
            try await probe.expectError(.objectExists, "put of other bytes") {
                try await probe.put(probe.bytes(seed: 2), at: key)
            }
            try await probe.expectObject(bytes, at: key)
        },
        Check("Law 2: shorter and longer bytes are refused and the first ones stay") { probe in
            let (key, bytes) = (try probe.key(), probe.bytes())
            try await probe.put(bytes, at: key)
            for other in [bytes.dropLast(), bytes + [0]] {
                try await probe.expectError(.objectExists, "put of \(other.count) bytes") {
                    try await probe.put(other, at: key)
                }
            }
            try await probe.expectObject(bytes, at: key)
        },
        Check("Laws 3 and 4: bytes with another digest are refused and nothing is stored") { probe in
            let (key, bytes) = (try probe.key(), probe.bytes())
            try await probe.expectError(.objectDamaged, "put with a wrong digest") {
                try await probe.storage.put(bytes, at: key, sha256: probe.sha256(probe.bytes(seed: 2)))
            }
            try await probe.expectNothing(at: key)
            try await probe.put(bytes, at: key)
            try await probe.expectObject(bytes, at: key)
        },
    ]

    static let readingChecks = [
        Check("Law 5: a key that holds nothing has no bytes and no head") { probe in
            try await probe.expectNothing(at: probe.key())
        },
        Check("Law 5: an unexpected byte count or digest is damage") { probe in
            let (key, bytes) = (try probe.key(), probe.bytes())
            try await probe.put(bytes, at: key)
            let unexpected = [
                ImageFacts(byteCount: 999), ImageFacts(byteCount: 1_001),
                ImageFacts(sha256: probe.sha256(probe.bytes(seed: 2))),
                ImageFacts(byteCount: 1_000, sha256: probe.sha256(probe.bytes(seed: 2))),
            ]
            for expected in unexpected {
                try await probe.expectError(.objectDamaged, "get expecting \(expected)") {
                    _ = try await probe.storage.get(key, expecting: expected)
                }
                try await probe.expectError(.objectDamaged, "verify expecting \(expected)") {
                    try await probe.storage.verify(key, expecting: expected)
                }
                guard let storage = probe.storage as? any ChunkReadingStorage else { continue }
                try await probe.expectError(.objectDamaged, "chunks expecting \(expected)") {
                    for try await _ in try storage.chunks(of: key, expecting: expected) {}
                }
            }
        },
        Check("Law 5: what is not known is not compared") { probe in
            let (key, bytes) = (try probe.key(), probe.bytes())
            try await probe.put(bytes, at: key)
            let found = try await probe.storage.get(key, expecting: ImageFacts())
            try probe.expect(found == bytes, "get without expectations returned other bytes")
        },
        Check("Law 5: one byte and three megabytes come back as they were") { probe in
            for count in [1, 3_000_001] {
                let (key, bytes) = (try probe.key("\(count).png"), probe.bytes(count))
                try await probe.put(bytes, at: key)
                try await probe.expectObject(bytes, at: key)
            }
        },
        Check("Law 5: a slice is stored from its own first byte to its own last") { probe in
            let (key, bytes) = (try probe.key(), probe.bytes()[100..<200])
            try await probe.put(bytes, at: key)
            try await probe.expectObject(Data(bytes), at: key)
        },
    ]

    static let keyChecks = [
        Check("Law 6: keys that look alike, or like patterns, are different objects") { probe in
            // The two é are one to Unicode: composed, and e with a combining accent.
            let names = [
                "a.png", "a.PNG", "a .png", " a.png", "a.png ", "a+.png", "*.png", "?.png", "[a].png", "{a}.png", "~",
                "\u{E9}.png", "e\u{301}.png", "a&b=c.png", "a#b.png", "a;b.png", "a'b\".png", "$(a).png", "...", "con",
                "-rf", "a:b.png", "\u{1F5BC}.png", "100%.png", "a,b.png", "a@b.png", "a!b.png", "a|b.png", "a<b>.png",
            ]
            for (index, name) in names.enumerated() {
                try await probe.put(probe.bytes(seed: UInt8(index)), at: probe.key(name))
            }
            for (index, name) in names.enumerated() {
                try await probe.expectObject(probe.bytes(seed: UInt8(index)), at: probe.key(name))
            }
        },
        Check("Law 6: a key's beginning is another key") { probe in
            try await probe.put(probe.bytes(), at: probe.key("folder/inner/object.png"))
            for name in ["folder", "folder/inner", "folder/inner/object", "object.png"] {
                try await probe.expectNothing(at: probe.key(name))
            }
        },
    ]

    static let concurrencyChecks = [
        Check("Law 7: of many callers with different bytes one wins, and its bytes stay whole") { probe in
            let key = try probe.key()
            let winners = try await withThrowingTaskGroup(of: UInt8?.self) { group in
                for seed in UInt8(1)...16 {
                    group.addTask {
                        do {
                            try await probe.put(probe.bytes(100_000, seed: seed), at: key)
                            return seed
                        } catch let error as StoreError where error.code == .objectExists {
                            return nil
                        }
                    }
                }
                return try await group.reduce(into: [UInt8]()) { winners, seed in if let seed { winners.append(seed) } }
            }
            try probe.expect(winners.count == 1, "\(winners.count) callers with different bytes succeeded")
            try await probe.expectObject(probe.bytes(100_000, seed: winners[0]), at: key)
        },
        Check("Law 7: many callers with the same bytes all succeed") { probe in
            let (key, bytes) = (try probe.key(), probe.bytes(100_000))
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<16 { group.addTask { try await probe.put(bytes, at: key) } }
                try await group.waitForAll()
            }
            try await probe.expectObject(bytes, at: key)
        },
        Check("Law 7: many callers with different keys do not meet") { probe in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for seed in UInt8(1)...16 {
                    group.addTask {
                        let key = try probe.key("\(seed)/object.png")
                        try await probe.put(probe.bytes(seed: seed), at: key)
                        try await probe.expectObject(probe.bytes(seed: seed), at: key)
                    }
                }
                try await group.waitForAll()
            }
        },
        Check("Laws 1 and 4: a cancelled put either throws CancellationError and stores nothing, or stores all") {
            probe in
            let (key, bytes) = (try probe.key(), probe.bytes())
            let task = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                try await probe.put(bytes, at: key)
            }
            if case .failure(let error) = await task.result {
                try probe.expect(error is CancellationError, "a cancelled put threw \(error)")
                try await probe.expectNothing(at: key)
            } else {
                // Finishing all the same is allowed, but then the bytes must be there.
                try await probe.expectObject(bytes, at: key)
            }
        },
    ]
}
