import ArtifactStore
import Foundation
import Testing

@Suite("Facts about an image")
struct ImageFactsTests {
    @Test("Every fact is filled in")
    func describing() throws {
        let facts = try ImageFacts.describing(ImageSamples.gif(3, 2))
        #expect(facts.contentType == "image/gif")
        #expect(facts.byteCount == 13)
        #expect(facts.width == 3 && facts.height == 2)
        // From `printf 'GIF89a\3\0\2\0\367\0\0' | sha256sum`.
        #expect(facts.sha256 == "f338653f54030d7352215c52f64d6463e6458dc16545bd21e7264d0ffee58b09")
    }

    @Test("No bytes are no image")
    func empty() {
        let error = #expect(throws: StoreError.self) { try ImageFacts.describing(Data()) }
        #expect(error?.code == .invalidInput)
        #expect(error?.message == "the image bytes are empty")
    }

    @Test("More than a gibibyte is refused before it is looked at")
    func tooLarge() {
        // Zeroed memory that nobody touches takes no room.
        let error = #expect(throws: StoreError.self) {
            try ImageFacts.describing(Data(count: Int(ImageFacts.maximumStoredByteCount) + 1))
        }
        #expect(error?.code == .invalidInput)
        #expect(error?.message.contains("1073741825") == true)
    }
}
