import Testing

@Suite("Sources")
struct SourceTests {
    @Test("No source file has more than 400 lines")
    func length() throws {
        for file in try Repository.files(below: "Sources", ending: ".swift") {
            #expect(file.lines.count - 1 <= 400, "\(file)")
        }
    }

    @Test("Nothing can end the host's process or step around the compiler's checks")
    func unsafe() throws {
        // Named here to be refused everywhere below Sources; tests that need one say why beside it.
        let forbidden = [
            "try!", "fatalError(", "as!", "@unchecked Sendable", "preconditionFailure(", "nonisolated(unsafe)",
        ]
        for file in try Repository.files(below: "Sources", "migrations", ending: ".swift") {
            for (index, line) in file.lines.enumerated() {
                for word in forbidden { #expect(!line.contains(word), "\(file.place(index)): \(word)") }
            }
        }
    }

    @Test("Comments are in order: none leaves work for later")
    func leftovers() throws {
        for file in try Repository.files(below: "Sources", "Tests", "migrations", ending: ".swift") {
            for (index, line) in file.lines.enumerated() {
                // Written in halves, so that this file passes.
                for word in ["TO" + "DO", "FIX" + "ME", "XX" + "X:"] {
                    #expect(!line.contains(word), "\(file.place(index))")
                }
            }
        }
    }

    /// Declarations that say by themselves what they are: requirements of a protocol that documents them, and
    /// instance properties, which are documented where their name does not say it all.
    private func needsComment(_ declaration: Substring) -> Bool {
        let witness =
            /(var (description|id):|func (==|<|hash|encode|put|get|head|verify|delete|list|move)\b|static func (==|<) |init\((string|integer|boolean|array|dictionary)Literal|typealias Element).*/
        let property = /(internal\(set\) |private\(set\) )?(let|var) .*/
        return declaration.prefixMatch(of: witness) == nil && declaration.prefixMatch(of: property) == nil
    }

    @Test("Every public type, function, initialiser and constant has a doc comment")
    func documented() throws {
        var checked = 0
        for file in try Repository.files(below: "Sources", "migrations", ending: ".swift") {
            for (index, line) in file.lines.enumerated() where line.contains("public ") {
                guard let match = line.wholeMatch(of: /\s*public ((?!import\b).+)/), needsComment(match.output.1) else {
                    continue
                }
                checked += 1
                let above = file.lines[..<index].last { $0.wholeMatch(of: /\s*@.*/) == nil }
                #expect(above?.wholeMatch(of: /\s*\/\/\/.*/) != nil, "\(file.place(index)): \(line)")
            }
        }
        #expect(checked > 150, "the pattern for public declarations finds only \(checked)")
    }
}
