#if S3 && canImport(Glibc)
    import Foundation
    import Synchronization
    import Testing

    /// Answers every connection on this machine with the same bytes, whatever they are.
    final class RawServer: Sendable {
        let port: UInt16
        private let socket: Int32
        private let count = Count()

        private final class Count: Sendable {
            let value = Mutex(0)
        }

        /// - Parameter closes: Whether the connection ends behind the answer; else it stays open and silent.
        init(_ answer: String, closes: Bool = false) throws {
            socket = Foundation.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            let isListening = withUnsafeMutablePointer(to: &address) { [socket] pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(socket, $0, length) == 0 && listen(socket, 8) == 0 && getsockname(socket, $0, &length) == 0
                }
            }
            port = UInt16(bigEndian: address.sin_port)
            try #require(isListening)
            Thread.detachNewThread { [socket, count] in
                // Closed here alone: another server may get the number of a closed descriptor.
                var descriptors = [socket]
                defer { for descriptor in descriptors { close(descriptor) } }
                while case let connection = accept(socket, nil, nil), connection >= 0 {
                    descriptors.append(connection)
                    count.value.withLock { $0 += 1 }
                    Self.answer(connection, answer)
                    if closes { shutdown(connection, Int32(SHUT_RDWR)) }
                }
            }
        }

        deinit { shutdown(socket, Int32(SHUT_RDWR)) }

        /// How many connections came.
        var connectionCount: Int { count.value.withLock { $0 } }

        /// Reads to the end of the request's head, then answers.
        private static func answer(_ connection: Int32, _ text: String) {
            var head = Data()
            var byte: UInt8 = 0
            while head.suffix(4) != Data("\r\n\r\n".utf8), recv(connection, &byte, 1, 0) == 1 { head.append(byte) }
            _ = Data(text.utf8).withUnsafeBytes {
                send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
        }
    }
#endif
