import ArtifactStore
import ArtifactStoreS3
import ArtifactStoreTesting
import Synchronization

/// Time that passes only by waiting, and waits that take none.
final class ManualTime: Sendable {
    let clock = ManualClock()
    private let passed = Mutex(Duration.zero)
    private let sleeps = Mutex<[Duration]>([])
    private let randomNumber: Double

    init(random: Double = 0.5) {
        randomNumber = random
    }

    var waits: [Duration] { sleeps.withLock { $0 } }

    func advance(by duration: Duration) {
        passed.withLock { $0 += duration }
        clock.advance(by: duration)
    }

    var timing: S3Timing {
        S3Timing(
            now: { self.clock.now }, elapsed: { self.passed.withLock { $0 } },
            sleep: { duration in
                try Task.checkCancellation()
                self.sleeps.withLock { $0.append(duration) }
                self.advance(by: duration)
            }, random: { self.randomNumber })
    }
}
