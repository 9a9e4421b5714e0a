import ArtifactStore
import Foundation
import Testing

@Suite("Image headers")
struct ImageHeaderTests {
    @Test("Type, width and height are read from every format", arguments: ImageSamples.all)
    func valid(sample: (name: String, contentType: String, bytes: Data)) throws {
        let header = try ImageHeader.read(sample.bytes)
        #expect(header.contentType == sample.contentType)
        #expect(header.width == 640)
        #expect(header.height == 480)
        let padded = Data([1, 2, 3]) + sample.bytes + Data(count: 100)
        #expect(try ImageHeader.read(padded.dropFirst(3)) == header, "a slice is read from its own first byte")
    }

    @Test("A known PNG header is accepted byte for byte")
    func knownPNG() throws {
        let bytes: [UInt8] = [
            0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52, 0, 0, 0, 1, 0, 0, 0, 1,
            8, 6, 0, 0, 0, 0x1F, 0x15, 0xC4, 0x89,
        ]
        let header = try ImageHeader.read(Data(bytes))
        #expect(header.width == 1 && header.height == 1)
    }

    @Test("Every start-of-frame marker of JPEG is one, and no other", arguments: UInt8(0xC0)...0xCF)
    func jpegMarkers(marker: UInt8) {
        let header = try? ImageHeader.read(ImageSamples.jpeg(7, 5, marker: marker))
        let isFrame = ![0xC4, 0xC8, 0xCC].contains(marker)
        #expect((header?.width == 7 && header?.height == 5) == isFrame)
    }

    @Test("A JPEG's size is found behind metadata far beyond 64 KiB, and behind fill bytes")
    func jpegMetadata() throws {
        let far = ImageSamples.jpeg(2048, 1365, metadata: Array(repeating: 65_533, count: 40))
        #expect(try ImageHeader.read(far).width == 2048)
        var filled = ImageSamples.jpeg(2048, 1365)
        filled.insert(contentsOf: [0xFF, 0xFF, 0xFF], at: 2)
        #expect(try ImageHeader.read(filled).height == 1365)
    }

    @Test("A JPEG of nothing but segments or fill bytes is given up on")
    func jpegEndless() {
        for bytes in [Data(repeating: 0xFF, count: 100_000), Data((0..<50_000).flatMap { _ in [0xFF, 0xE1, 0, 2] })] {
            let error = #expect(throws: StoreError.self) { try ImageHeader.read(Data([0xFF, 0xD8, 0xFF]) + bytes) }
            #expect(error?.message.contains("4096 segments") == true)
        }
    }

    @Test("An AVIF's size is the primary item's, not the first one")
    func avifPrimary() throws {
        #expect(try ImageHeader.read(ImageSamples.avif(4000, 3000)).width == 4000)
        #expect(try ImageHeader.read(ImageSamples.avif(4000, 3000, brand: "avis")).height == 3000)
    }

    @Test("An AVIF whose metadata lies beyond 64 KiB is refused")
    func avifFarMetadata() {
        let sample = ImageSamples.avif(10, 10)
        let (brands, meta) = (sample.prefix(24), sample.dropFirst(24))
        #expect(throws: Never.self) {
            try ImageHeader.read(brands + ImageSamples.box("free", Data(count: 1000)) + meta)
        }
        #expect(throws: StoreError.self) {
            try ImageHeader.read(brands + ImageSamples.box("free", Data(count: 65_536)) + meta)
        }
    }

    @Test("What is no image is refused with its first bytes")
    func unknown() {
        let cases: [(Data, String)] = [
            (Data("<html>".utf8), "3c 68 74 6d"), (Data("%PDF-1.7".utf8), "25 50 44 46"),
            (Data([0x0A]), "start with 0a"),
            (Data("<svg xmlns=".utf8), "3c 73 76 67"), (ImageSamples.avif(9, 9, brand: "heic"), "brand heic"),
            (Data("BM".utf8) + Data(count: 60), "42 4d 00 00"),
        ]
        for (bytes, seen) in cases {
            let error = #expect(throws: StoreError.self) { try ImageHeader.read(bytes) }
            #expect(error?.code == .invalidInput)
            #expect(error?.message.contains(seen) == true)
            #expect(error?.hint.isEmpty == false)
        }
    }

    @Test("Sides of 1 to 65535 pixels and a gigapixel in all are the bounds")
    func bounds() throws {
        #expect(try ImageHeader.read(ImageSamples.png(65_535, 15_259)).width == 65_535)
        #expect(try ImageHeader.read(ImageSamples.png(1, 65_535)).height == 65_535)
        #expect(try ImageHeader.read(ImageSamples.webPExtended(65_535, 1)).width == 65_535)
        #expect(try ImageHeader.read(ImageSamples.webPLossless(16_384, 16_384)).width == 16_384)
        let refused = [
            ImageSamples.png(65_535, 15_260), ImageSamples.png(65_536, 1), ImageSamples.png(1, 65_536),
            ImageSamples.png(0, 1), ImageSamples.png(1, 0), ImageSamples.png(.max, .max),
            ImageSamples.jpeg(0, 1), ImageSamples.jpeg(1, 0), ImageSamples.jpeg(.max, .max), ImageSamples.gif(0, 1),
            ImageSamples.webPLossy(0, 1), ImageSamples.webPExtended(65_537, 1), ImageSamples.avif(.max, .max),
            ImageSamples.avif(0, 10),
        ]
        for bytes in refused {
            let error = #expect(throws: StoreError.self) { try ImageHeader.read(bytes) }
            #expect(error?.code == .invalidInput)
            #expect(error?.message.contains("pixels") == true)
        }
    }
}
