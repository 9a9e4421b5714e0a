/// A reader of RFC 4180, written from the RFC and not from the command's writer.
enum CSVText {
    struct Malformed: Error {
        let offset: Int
    }

    static func parse(_ text: String) throws -> [[String]] {
        let bytes = Array(text.utf8)
        var records: [[String]] = []
        var record: [String] = []
        var index = 0
        while index < bytes.count {
            record.append(try field(bytes, &index))
            if index < bytes.count, bytes[index] == UInt8(ascii: ",") {
                index += 1
            } else {
                guard bytes[index...].starts(with: "\r\n".utf8) else { throw Malformed(offset: index) }
                index += 2
                records.append(record)
                record = []
            }
        }
        guard record.isEmpty else { throw Malformed(offset: index) }
        return records
    }

    private static func field(_ bytes: [UInt8], _ index: inout Int) throws -> String {
        var field: [UInt8] = []
        guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") else {
            while index < bytes.count, bytes[index] != UInt8(ascii: ","), bytes[index] != UInt8(ascii: "\r") {
                guard bytes[index] != UInt8(ascii: "\""), bytes[index] != UInt8(ascii: "\n") else {
                    throw Malformed(offset: index)
                }
                field.append(bytes[index])
                index += 1
            }
            return String(decoding: field, as: UTF8.self)
        }
        index += 1
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            if byte != UInt8(ascii: "\"") {
                field.append(byte)
            } else if index < bytes.count, bytes[index] == byte {
                field.append(byte)
                index += 1
            } else {
                return String(decoding: field, as: UTF8.self)
            }
        }
        throw Malformed(offset: index)
    }
}
