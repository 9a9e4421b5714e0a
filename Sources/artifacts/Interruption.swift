internal import Foundation
internal import Synchronization

/// What is to be removed should the process be told to end: by Control-C, `kill`, or a terminal that closes. Then the
/// process ends by that signal all the same.
final class Interruption: Sendable {
    private let path: String
    private let sources = Mutex<[any DispatchSourceSignal]>([])
    private let isUnderWay = Mutex(false)

    private init(removing path: String) {
        self.path = path
        sources.withLock { $0 = [SIGINT, SIGTERM, SIGHUP].compactMap(source) }
    }

    /// Runs work that makes files below a path of its own, and removes them itself in the end.
    static func removing<Value: Sendable>(
        _ path: String, during work: () async throws -> Value
    ) async throws -> Value {
        let interruption = Interruption(removing: path)
        defer { interruption.stop() }
        do {
            return try await work()
        } catch {
            // It failed because its files were removed: the signal is what the process ends by.
            while interruption.isUnderWay.withLock({ $0 }) { try await Task.sleep(for: .seconds(1)) }
            throw error
        }
    }

    /// Nil for a signal that was ignored when the process started, as under `nohup`: it stays ignored.
    private func source(_ number: Int32) -> (any DispatchSourceSignal)? {
        let ignore = unsafeBitCast(SIG_IGN, to: Int.self)
        let before = signal(number, SIG_IGN)
        guard unsafeBitCast(before, to: Int.self) != ignore else { return nil }
        let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
        source.setEventHandler { [self] in
            isUnderWay.withLock { $0 = true }
            // Again, since the work goes on meanwhile, and may have made another file.
            while FileManager.default.fileExists(atPath: path),
                (try? FileManager.default.removeItem(atPath: path)) == nil
            {}
            signal(number, SIG_DFL)
            kill(getpid(), number)
        }
        source.resume()
        return source
    }

    private func stop() {
        sources.withLock { sources in
            for source in sources { source.cancel() }
            sources = []
        }
    }
}
