import Foundation
import Testing

@testable import ArtifactStoreS3

@Suite("The XML reader")
struct XMLTests {
    @Test("Elements, text, entities, attributes, comments and CDATA are read")
    func reads() throws {
        let document = """
            <?xml version="1.0" encoding="UTF-8"?>
            <!-- before -->
            <s3:List xmlns:s3="http://s3.amazonaws.com/doc/2006-03-01/" a = 'b>c'>
              <Key>a&amp;b&lt;&gt;&quot;&apos;&#233;&#x1F5BC;</Key><Key><![CDATA[<&>]]></Key><Empty/><Key> a
            b </Key>
            </s3:List>
            """
        let root = try XMLElement.parse(document.utf8)
        #expect(root.name == "List")
        #expect(root.all("Key").map(\.text) == ["a&b<>\"'\u{E9}\u{1F5BC}", "<&>", " a\nb "])
        #expect(root["Empty"]?.text == "")
        #expect(root["Missing"] == nil)
    }

    @Test(
        "What is not well formed is refused",
        arguments: [
            "", "text", "<a>", "<a></b>", "<a/><b/>", "<a/>text", "<a", "<a b></a>", "<a b=c></a>", "<a b=\"c></a>",
            "<a>&nbsp;</a>", "<a>&#xD800;</a>", "<a>&#0x41;</a>", "<a>&amp</a>", "<!DOCTYPE a><a/>", "<a><![CDATA[</a>",
            "<a><!-- </a>", "<?xml version=\"1.0\"", "< a/>", "<a/ >",
            String(repeating: "<a>", count: 17) + String(repeating: "</a>", count: 17),
        ])
    func refuses(document: String) {
        #expect(throws: XMLElement.Malformed.self) { _ = try XMLElement.parse(document.utf8) }
    }

    @Test("An entity that a document defines for itself is refused before it can grow")
    func entities() {
        let document = "<!DOCTYPE a [<!ENTITY b \"bbbb\"><!ENTITY c \"&b;&b;\">]><a>&c;</a>"
        #expect(throws: XMLElement.Malformed.self) { _ = try XMLElement.parse(document.utf8) }
    }

    @Test("Bytes that are not UTF-8 are refused")
    func notUnicode() {
        #expect(throws: XMLElement.Malformed.self) {
            _ = try XMLElement.parse(Data("<a>".utf8) + [0xFF] + Data("</a>".utf8))
        }
    }

    @Test("Escaped text comes back as it was")
    func escapes() throws {
        let text = "a&b<c>\"d'\r\n\u{E9}]]>"
        #expect(try XMLElement.parse("<k>\(XMLText.escaped(text))</k>".utf8).text == text)
    }

    @Test("No beginning of a document, and no document with one byte changed, does more than be refused")
    func mutated() {
        let document = Array("<?xml version=\"1.0\"?><A x=\"y\"><B>&amp;&#65;</B><!-- c --><C/></A>".utf8)
        var refused = 0
        for index in document.indices {
            if (try? XMLElement.parse(document[..<index])) == nil { refused += 1 }
            for byte in [UInt8(0), 0x26, 0x3C, 0x3E, 0x2F, 0xFF] {
                var changed = document
                changed[index] = byte
                if (try? XMLElement.parse(changed)) == nil { refused += 1 }
            }
        }
        #expect(refused > document.count * 3)
    }
}
