import Testing

@Suite("What make test adds")
struct SurroundingsTests {
    #if S3
        private static let isBuilt = true
    #else
        private static let isBuilt = false
    #endif

    @Test(
        "Tests against a real server are built",
        .enabled(if: isBuilt || Surroundings.isRequired, "left out: make test builds them, with --traits CLI,S3"))
    func trait() {
        #expect(Self.isBuilt)
    }
}
