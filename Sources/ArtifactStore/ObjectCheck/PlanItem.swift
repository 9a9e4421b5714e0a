/// Does what a plan says of one object, after looking at everything again.
struct PlanItem: Sendable {
    let repository: ArtifactRepository
    let storage: any ObjectStorage
    let header: PlanHeader

    /// - Parameter listed: The object as the bucket lists it now; nil when it is not there.
    /// - Throws: ``StoreError`` `database` or `CancellationError`. What object storage throws is an outcome.
    func apply(_ finding: ObjectFinding, listed: ListedObject?) async throws -> ObjectPlanOutcome {
        do {
            let step = try await step(finding, listed)
            return ObjectPlanOutcome(finding: finding, result: step.result, reason: step.reason)
        } catch let error as StoreError {
            switch error.code {
            case .objectStorage, .objectDamaged, .objectExists, .notFound, .invalidInput:
                return ObjectPlanOutcome(finding: finding, result: .failed, reason: error.message)
            default: throw error
            }
        }
    }

    private struct Step {
        let result: ObjectPlanOutcome.Result
        var reason: String?

        static func skipped(_ reason: String) -> Step { Step(result: .skipped, reason: reason) }
    }

    private func step(_ finding: ObjectFinding, _ listed: ListedObject?) async throws -> Step {
        guard let key = try? ObjectKey(finding.key) else { return .skipped("its key is no object's") }
        guard let listed else { return try await lookForMissing(finding, key) }
        guard listed.byteCount == finding.byteCount, listed.modifiedAt == finding.modifiedAt else {
            return .skipped("it changed since")
        }
        switch (finding.action, QuarantinedKey(finding.key)) {
        case (.quarantine?, nil): return try await quarantine(key, listed)
        case (.delete?, let quarantined?): return try await delete(quarantined, listed)
        case (.restore?, let quarantined?): return try await restore(quarantined)
        default: return .skipped("its key does not go with the action")
        }
    }

    // MARK: - Quarantine

    private func quarantine(_ key: ObjectKey, _ listed: ListedObject) async throws -> Step {
        let now = repository.now()
        guard header.isPastGrace(listed.modifiedAt, at: now) else { return .skipped("it is too young") }
        if let reason = Self.reasonToKeep(try await standing(of: key)) { return .skipped(reason) }
        let aside = QuarantinedKey(key, at: now)
        do {
            try await storage.move(key, to: aside.key)
        } catch let error as StoreError where error.code == .objectExists {
            return .skipped("quarantine has other bytes under that key already")
        }
        // A reference that appeared between the two looks: its object goes back at once.
        guard case .referenced(let stored) = try await standing(of: key) else { return Step(result: .quarantined) }
        return try await moveBack(aside, stored)
    }

    /// Nil for an object that nothing refers to, and nothing can complete with.
    private static func reasonToKeep(_ standing: ObjectStanding) -> String? {
        switch standing {
        case .released: nil
        case .referenced(let stored): "artifact \(stored.artifactId) refers to it"
        case .beingRemoved: "its artifact was deleted: artifacts delete --waiting removes it"
        case .claimed(let id, _): "artifact \(id) is pending"
        case .foreign: "nothing in this store leads to it"
        }
    }

    /// Not where the plan saw it. An earlier application may have moved it, and ended before its second look.
    private func lookForMissing(_ finding: ObjectFinding, _ key: ObjectKey) async throws -> Step {
        guard try await storage.head(key) == nil else {
            return .skipped("the bucket's list does not have it in its place any more")
        }
        guard finding.action == .quarantine, case .referenced(let stored) = try await standing(of: key) else {
            return .skipped("it is not there any more")
        }
        var day = header.createdAt
        while day < repository.now().advanced(by: .seconds(86_400)) {
            let aside = QuarantinedKey(key, at: day)
            if try await storage.head(aside.key) != nil { return try await moveBack(aside, stored) }
            day = day.advanced(by: .seconds(86_400))
        }
        return .skipped("it is not there any more")
    }

    /// By a copy, not by a move: a deletion that was sent for the move into quarantine, and whose answer was lost, may
    /// still be on its way to the key, and must not meet the only copy. The next plan takes the one in quarantine away.
    private func moveBack(_ aside: QuarantinedKey, _ stored: StoredObject) async throws -> Step {
        let bytes = try await storage.get(aside.key, expecting: stored.facts)
        do {
            try await storage.put(bytes, at: aside.original, sha256: SHA256Hex.of(bytes))
        } catch let error as StoreError where error.code == .objectExists {
            return .skipped("other bytes are in its place")
        }
        return Step(result: .restored, reason: "artifact \(stored.artifactId) refers to it by now")
    }

    // MARK: - Out of quarantine

    private func restore(_ aside: QuarantinedKey) async throws -> Step {
        guard case .referenced(let stored) = try await standing(of: aside.original) else {
            return .skipped("no artifact refers to it any more")
        }
        switch try await storage.comparison(of: aside.key, with: stored.facts) {
        case .missing: return .skipped("it is not there any more")
        case .damaged: return .skipped("it does not have the recorded bytes")
        case .unreadable: return .skipped("it cannot be read")
        case .equal: break
        }
        do {
            try await storage.move(aside.key, to: aside.original)
        } catch let error as StoreError where error.code == .objectExists {
            return .skipped("other bytes are in its place")
        }
        // Deleted between the two looks: its object was to go, and was not there to go.
        if case .referenced = try await standing(of: aside.original) { return Step(result: .restored) }
        try await storage.move(aside.original, to: aside.key)
        return .skipped("its artifact was deleted meanwhile")
    }

    private func delete(_ aside: QuarantinedKey, _ listed: ListedObject) async throws -> Step {
        guard header.isPastKeeping(aside, listed, at: repository.now()) else {
            return .skipped("it has not been in quarantine for long enough")
        }
        if let reason = Self.reasonToKeep(try await standing(of: aside.original)) { return .skipped(reason) }
        guard try await standing(of: aside.key) == .foreign else { return .skipped("an artifact refers to it") }
        try await storage.delete(aside.key)
        return Step(result: .deleted)
    }

    private func standing(of key: ObjectKey) async throws -> ObjectStanding {
        try await repository.standing(of: key.text, in: header.bucket)
    }
}
