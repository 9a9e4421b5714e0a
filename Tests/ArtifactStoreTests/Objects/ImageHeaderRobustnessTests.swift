import ArtifactStore
import ArtifactStoreTesting
import Foundation
import Testing

@Suite("Image headers that are cut, changed or hostile")
struct ImageHeaderRobustnessTests {
    @Test("A header cut at any byte is refused", arguments: ImageSamples.all)
    func truncated(sample: (name: String, contentType: String, bytes: Data)) {
        // A JPEG's and a VP8's pixels would follow; everything in these samples belongs to the header.
        for count in 0..<sample.bytes.count {
            let error = #expect(throws: StoreError.self, "\(sample.name) cut to \(count) bytes") {
                try ImageHeader.read(sample.bytes.prefix(count))
            }
            #expect(error?.code == .invalidInput)
        }
    }

    @Test("Any byte may hold any value", arguments: ImageSamples.all)
    func mutated(sample: (name: String, contentType: String, bytes: Data)) throws {
        for offset in sample.bytes.indices {
            for value in UInt8.min ... .max where value != sample.bytes[offset] {
                var bytes = sample.bytes
                bytes[offset] = value
                let isAccepted = try Self.isAccepted(bytes)
                if sample.name == "PNG" { #expect(!isAccepted, "the CRC covers offset \(offset)") }
            }
        }
    }

    @Test("Thirty thousand random changes are refused or read within bounds", arguments: [1, 2, 3] as [UInt64])
    func fuzzed(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var accepted = 0
        for _ in 0..<10_000 {
            guard let sample = ImageSamples.all.randomElement(using: &random) else { continue }
            if try Self.isAccepted(Self.changed(sample.bytes, &random)) { accepted += 1 }
        }
        // Were none accepted, the changes would be too coarse to reach the inner parts.
        #expect(accepted > 300)
    }

    @Test(
        "Box sizes of any kind lead nowhere outside",
        arguments: [0, 1, 2, 7, 8, 9, 15, 16, 0x7FFF_FFFF, .max] as [UInt32])
    func boxSizes(size: UInt32) throws {
        let sample = ImageSamples.avif(640, 480)
        for offset in 0..<sample.count - 16 {
            var bytes = sample
            bytes.replaceSubrange(offset..<offset + 4, with: ImageSamples.big(size))
            _ = try Self.isAccepted(bytes)
            for wide in [0, 15, 16, Int64.max, Int64.max - 7, .min, -1] {
                bytes.replaceSubrange(offset + 8..<offset + 16, with: ImageSamples.big(wide))
                _ = try Self.isAccepted(bytes)
            }
        }
    }

    private static func isAccepted(_ bytes: Data) throws -> Bool {
        do {
            let header = try ImageHeader.read(bytes)
            try #require((1...65_535).contains(header.width) && (1...65_535).contains(header.height))
            try #require(header.width * header.height <= ImageHeader.maximumPixels)
            return true
        } catch let error as StoreError {
            try #require(error.code == .invalidInput && !error.message.isEmpty && !error.hint.isEmpty)
            return false
        }
    }

    private static func changed(_ bytes: Data, _ random: inout SeededGenerator) -> Data {
        var bytes = bytes
        let extremes: [UInt32] = [0, 1, 0x7FFF_FFFF, 0x8000_0000, .max, .max - 7]
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            guard bytes.count > 8 else { break }
            let offset = Int.random(in: 0..<bytes.count - 4, using: &random)
            switch Int.random(in: 0..<6, using: &random) {
            case 0: bytes = Data(bytes.prefix(offset))
            case 1: bytes.insert(UInt8.random(in: .min ... .max, using: &random), at: offset)
            case 2: bytes.remove(at: offset)
            case 3:
                let extreme = extremes.randomElement(using: &random) ?? 0
                bytes.replaceSubrange(offset..<offset + 4, with: ImageSamples.big(extreme))
            default: bytes[offset] = UInt8.random(in: .min ... .max, using: &random)
            }
        }
        return bytes
    }
}
