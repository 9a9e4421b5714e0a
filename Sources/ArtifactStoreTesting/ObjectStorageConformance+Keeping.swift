internal import ArtifactStore
internal import Foundation

/// The laws about what is already stored: deleting, listing, moving.
extension ObjectStorageConformance {
    static let deletingChecks = [
        Check("Law 8: a deleted object is gone, deleting it again is no error, and the key is free for other bytes") {
            probe in
            let key = try probe.key()
            try await probe.put(probe.bytes(), at: key)
            try await probe.storage.delete(key)
            try await probe.expectNothing(at: key)
            try await probe.storage.delete(key)
            try await probe.put(probe.bytes(seed: 2), at: key)
            try await probe.expectObject(probe.bytes(seed: 2), at: key)
        },
        Check("Laws 6 and 8: deleting one key leaves those that look alike, begin so, or lie below") { probe in
            let names = ["a/b.png", "a/b", "a/b.PNG", "a/*", "a/c/d.png", "e\u{301}", "\u{E9}"]
            // One name cannot be both an object and the folder of others everywhere: "a/c" and "a" hold nothing.
            for name in names { try await probe.put(probe.bytes(), at: probe.key(name)) }
            for name in ["a", "a/c", "a/b.pn", "a/?.png"] { try await probe.storage.delete(probe.key(name)) }
            for name in names { try await probe.expectObject(probe.bytes(), at: probe.key(name)) }
            for name in ["a/*", "e\u{301}"] { try await probe.storage.delete(probe.key(name)) }
            for name in names where name != "a/*" && !name.utf8.elementsEqual("e\u{301}".utf8) {
                try await probe.expectObject(probe.bytes(), at: probe.key(name))
            }
        },
        Check("Laws 7 and 8: puts beside deletes in the same folder all succeed and stay") { probe in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for seed in UInt8(1)...8 {
                    group.addTask {
                        for round in 0..<12 {
                            let key = try probe.key("one/\(round)/\(seed).png")
                            try await probe.put(probe.bytes(seed: seed), at: key)
                            try await probe.expectObject(probe.bytes(seed: seed), at: key)
                            try await probe.storage.delete(key)
                            try await probe.expectNothing(at: key)
                        }
                    }
                }
                try await group.waitForAll()
            }
        },
    ]

    static let listingChecks = [
        Check("Law 9: pages of every size lead to each object once, with its size") { probe in
            let names = ["a.png", "a/1", "a/2/x", "a/2/y", "a-b/c", "a0", "b b+c&d", "\u{E9}/z", "e\u{301}/z", "z%/~"]
            var expected: [[UInt8]: Int64] = [:]
            for (index, name) in names.enumerated() {
                let key = try probe.key(name)
                try await probe.put(probe.bytes(index + 1), at: key)
                expected[Array(key.text.utf8)] = Int64(index + 1)
            }
            for limit in [1, 2, 3, 10, 1_000] {
                let found = try await probe.listed(limit: limit)
                try probe.expect(found.count == names.count, "pages of \(limit) had \(found.count) of \(names.count)")
                for object in found {
                    try probe.expect(
                        expected[Array(object.key.utf8)] == object.byteCount,
                        "the list has \(object.byteCount) bytes under \(object.key)")
                }
                try probe.expect(Set(found.map { Array($0.key.utf8) }).count == names.count, "a key was listed twice")
            }
        },
        Check("Law 9: what is there all the while is listed once while others come and go") { probe in
            let kept = try (0..<6).map { try probe.key("kept/\($0)/x") }
            for key in kept { try await probe.put(probe.bytes(), at: key) }
            var passing: [ObjectKey] = []
            let found = try await probe.listed(limit: 1) { page in
                guard page <= 6 else { return }
                for key in passing { try await probe.storage.delete(key) }
                passing = try (0..<6).map { try probe.key("kept/\($0)/\(page)") }
                for key in passing { try await probe.put(probe.bytes(), at: key) }
            }
            for key in kept {
                let count = found.count { $0.key.utf8.elementsEqual(key.text.utf8) }
                try probe.expect(count == 1, "\(key) was listed \(count) times")
            }
        },
        Check("Law 9: a limit out of range is refused") { probe in
            for limit in [0, -1, ObjectPage.largest + 1] {
                try await probe.expectError(.invalidInput, "list with limit \(limit)") {
                    _ = try await probe.storage.list(after: nil, limit: limit)
                }
            }
        },
    ]

    static let movingChecks = [
        Check("Law 10: a moved object has its new key alone, and moving it again is no error") { probe in
            let (key, newKey, bytes) = (try probe.key("a/b+c é.png"), try probe.key("d/e/f&g é.png"), probe.bytes())
            try await probe.put(bytes, at: key)
            try await probe.storage.move(key, to: newKey)
            try await probe.expectNothing(at: key)
            try await probe.expectObject(bytes, at: newKey)
            try await probe.storage.move(key, to: newKey)
            try await probe.storage.move(newKey, to: newKey)
            try await probe.expectObject(bytes, at: newKey)
        },
        Check("Law 10: a move finishes one that ended between its two steps") { probe in
            let (key, newKey, bytes) = (try probe.key("a"), try probe.key("b"), probe.bytes())
            try await probe.put(bytes, at: key)
            try await probe.put(bytes, at: newKey)
            try await probe.storage.move(key, to: newKey)
            try await probe.expectNothing(at: key)
            try await probe.expectObject(bytes, at: newKey)
        },
        Check("Law 10: a move never overwrites") { probe in
            let (key, newKey) = (try probe.key("a"), try probe.key("b"))
            try await probe.put(probe.bytes(), at: key)
            try await probe.put(probe.bytes(seed: 2), at: newKey)
            try await probe.expectError(.objectExists, "move to a key with other bytes") {
                try await probe.storage.move(key, to: newKey)
            }
            try await probe.expectObject(probe.bytes(), at: key)
            try await probe.expectObject(probe.bytes(seed: 2), at: newKey)
        },
        Check("Law 10: there must be something to move") { probe in
            try await probe.expectError(.notFound, "move of nothing") {
                try await probe.storage.move(probe.key("a"), to: probe.key("b"))
            }
            try await probe.expectNothing(at: probe.key("b"))
        },
    ]
}
