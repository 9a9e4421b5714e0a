import Foundation

/// A terminal of a size, without a person.
enum PseudoTerminal {
    struct Unavailable: Error {
        let code = errno
    }

    /// Runs the command, or another program, with this terminal as its standard output and standard error; all that arrived there.
    static func run(
        _ arguments: [String], of program: String = Command.path, columns: Int, environment: [String: String] = [:]
    ) async throws -> (status: Int32, output: String) {
        let (master, slave) = try open(columns: columns)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.environment = Command.environment(["TERM": "xterm-256color"].merging(environment) { $1 })
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle(fileDescriptor: slave)
        process.standardError = FileHandle(fileDescriptor: slave)
        try process.run()
        close(slave)
        let status = Status(process: process)
        return await Command.aside {
            var output = Data()
            var buffer = [UInt8](repeating: 0, count: 65_536)
            // Reading fails with EIO once nobody has the terminal open any more.
            while case let count = read(master, &buffer, buffer.count), count > 0 { output += buffer[0..<count] }
            close(master)
            status.process.waitUntilExit()
            // The terminal's driver adds the returns.
            let text = String(decoding: output, as: UTF8.self).replacingOccurrences(of: "\r\n", with: "\n")
            return (status.process.terminationStatus, text)
        }
    }

    /// Both ends. Done by hand, since Glibc's Swift module lacks `posix_openpt` and what belongs to it.
    private static func open(columns: Int) throws -> (master: Int32, slave: Int32) {
        let unlock: UInt = 0x4004_5431  // TIOCSPTLCK
        let getNumber: UInt = 0x8004_5430  // TIOCGPTN
        let master = Foundation.open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        var isLocked: CInt = 0
        var number: CInt = 0
        guard master >= 0, ioctl(master, unlock, &isLocked) == 0, ioctl(master, getNumber, &number) == 0 else {
            throw Unavailable()
        }
        let slave = Foundation.open("/dev/pts/\(number)", O_RDWR | O_NOCTTY | O_CLOEXEC)
        var size = winsize(ws_row: 24, ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
        guard slave >= 0, ioctl(slave, UInt(TIOCSWINSZ), &size) == 0 else { throw Unavailable() }
        return (master, slave)
    }

    /// Unchecked, because Foundation does not declare `Process` sendable. It is handed over once, to the thread that waits
    /// for it; its starter does not touch it again.
    private struct Status: @unchecked Sendable {
        let process: Process
    }
}
