import ArtifactStoreTesting
import Testing

@testable import ArtifactStore

@Suite("How imports of several sources lie upon one another")
struct CatalogueSnapshotTests {
    private func draft(_ source: CatalogueSource, _ models: [ModelDeclaration]) -> CatalogueDraft {
        var draft = CatalogueDraft(source: source)
        for var model in models {
            model.source = source
            let declaration = model
            draft.add(model.model) { () throws(DeclarationFlaw) in EntryReading(declaration: declaration, gaps: []) }
        }
        return draft
    }

    @Test("One's own declarations take over those of files; files never touch what another source declares")
    func layers() {
        let named = { (names: [String]) in names.map { ModelDeclaration(model: $0) } }
        var (snapshot, report) = CatalogueSnapshot().importing(draft(.litellm, named(["a", "b", "c"])))
        #expect(report.added == ["a", "b", "c"])
        (snapshot, report) = snapshot.importing(draft(.openrouter, named(["b", "d"])))
        #expect(report.added == ["d"] && report.keptFromOtherSource == ["b"] && report.removed.isEmpty)
        (snapshot, report) = snapshot.importing(draft(.declared, named(["c", "d", "e"])))
        #expect(report.added == ["e"])
        #expect(report.changed.map(\.model) == ["c", "d"])
        #expect(report.changed.first?.fields == [ModelChange.Field(name: "source", old: "litellm", new: "declared")])
        (snapshot, report) = snapshot.importing(draft(.litellm, named(["a", "c"])))
        #expect(report.unchanged == 1 && report.keptFromOtherSource == ["c"] && report.removed == ["b"])
        (snapshot, report) = snapshot.importing(draft(.declared, []))
        #expect(report.removed == ["c", "d", "e"] && report.entryCount == 0)
        #expect(snapshot.declarations.map(\.model) == ["a"])
    }

    @Test("After random imports the snapshot is what a plain map of layers holds, and reports add up")
    func random() {
        var random = RandomDeclaration(seed: 11)
        let pool = (0..<12).map { "model-\($0)" }
        for _ in 0..<60 {
            var snapshot = CatalogueSnapshot()
            var expected: [String: ModelDeclaration] = [:]
            for _ in 0..<8 {
                let source = CatalogueSource.allCases.randomElement(using: &random.generator) ?? .declared
                let models = pool.shuffled(using: &random.generator).prefix(5).map { random.right(named: $0) }
                let draft = draft(source, models)
                let before = expected
                expected = expected.filter { name, old in old.source != source || models.contains { $0.model == name } }
                for model in draft.declarations
                where source == .declared || (before[model.model]?.source ?? source) == source {
                    expected[model.model] = model
                }
                let (next, report) = snapshot.importing(draft)
                #expect(next.declarations == expected.values.sorted { $0.model < $1.model })
                #expect(
                    report.added.count + report.changed.count + report.unchanged + report.keptFromOtherSource.count
                        + report.notModels.count + report.refused.count == report.entryCount)
                let hasChanged = !(report.added.isEmpty && report.changed.isEmpty && report.removed.isEmpty)
                #expect(hasChanged == (next.digest != snapshot.digest))
                let difference = snapshot.difference(to: next)
                #expect(Set(difference.added) == Set(report.added))
                #expect(difference.removed == report.removed)
                #expect(Set(difference.changed) == Set(report.changed))
                #expect(next.importing(draft).snapshot.digest == next.digest)
                snapshot = next
            }
        }
    }
}
