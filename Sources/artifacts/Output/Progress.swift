internal import ArtifactStore
internal import Foundation
internal import Synchronization

extension Terminal {
    /// One line on standard error that tells a person how far long work has come: from its second second on, up to ten
    /// times a second, and only at a terminal.
    final class Progress: Sendable {
        private struct State {
            var text: String?
            var lastShown: ContinuousClock.Instant?
            var isVisible = false
        }

        private let start = ContinuousClock.now
        private let isShown = isatty(STDERR_FILENO) == 1
        private let state = Mutex(State())

        fileprivate init() {
            guard isShown else { return }
            // SQLite frees the pages of a dropped table, and commits, in one step that reports nothing (measured: 13 s of
            // a store of 1.8 GB): the seconds go on meanwhile.
            Task.detached { [weak self] in
                while let self {
                    self.state.withLock { self.render(&$0) }
                    try? await Task.sleep(for: .milliseconds(200))
                }
            }
        }

        /// Shows it when it is time to.
        fileprivate func show(_ text: @autoclosure () -> String) {
            guard isShown else { return }
            state.withLock { state in
                state.text = text()
                render(&state)
            }
        }

        private func render(_ state: inout State) {
            let now = ContinuousClock.now
            guard let text = state.text, now - start > .seconds(1) else { return }
            if let last = state.lastShown, now - last < .milliseconds(100) { return }
            state.lastShown = now
            state.isVisible = true
            let line = "\((now - start).components.seconds) s: \(text)"
            Self.write("\r\u{1B}[K\(Printable.line(line, atMost: Terminal.width - 1))")
        }

        /// Takes the line away, before something else is printed.
        fileprivate func clear() {
            state.withLock { state in
                if state.isVisible { Self.write("\r\u{1B}[K") }
                (state.text, state.isVisible) = (nil, false)
            }
        }

        private static func write(_ text: String) {
            FileHandle.standardError.write(Data(text.utf8))
        }
    }
}

extension Terminal {
    /// Runs long work and shows how far it has come. The line is gone when this returns or throws: what is printed next
    /// has a line of its own.
    ///
    /// - Parameter isQuiet: Shows none: the work prints lines of its own to the same terminal.
    static func showingProgress<Value: Sendable>(
        unless isQuiet: Bool = false,
        of work: (_ progress: @escaping @Sendable (StoreProgress) -> Void) async throws -> Value
    ) async throws -> Value {
        if isQuiet { return try await work { _ in } }
        let progress = Progress()
        defer { progress.clear() }
        return try await work { progress.show($0) }
    }
}

extension Terminal.Progress {
    fileprivate func show(_ progress: StoreProgress) {
        show(Self.text(progress))
    }

    private static func text(_ progress: StoreProgress) -> String {
        let subject = Printable.text(progress.subject)
        switch (progress.phase, progress.total) {
        case (.copying, let total?) where total > 0:
            return "copied \(progress.completed * 100 / total) % of \(total >> 20) MiB of \(subject)"
        case (.copying, _): return "copying \(subject)"
        case (.checking, _): return "checking \(subject)"
        case (.rebuilding, _): return "rebuilding \(subject)"
        case (.comparing, let total?):
            return "comparing rows of table \(progress.completed + 1) of \(total), \(subject)"
        case (.comparing, nil): return "comparing rows of \(subject)"
        case (.migrating, let total?): return "\(subject): statement \(progress.completed) of \(total)"
        case (.migrating, nil): return subject
        case (.exporting, let total?), (.importing, let total?):
            return "\(subject): artifact \(progress.completed) of \(total)"
        case (.exporting, nil), (.importing, nil): return subject
        case (.applying, let total?): return "\(subject): \(progress.completed) of \(total)"
        case (.deleting, _), (.removing, _), (.listing, _), (.verifying, _), (.applying, nil):
            return "\(subject): \(progress.completed) so far"
        }
    }
}
