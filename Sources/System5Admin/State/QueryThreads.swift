import NIOPosix
import Synchronization

/// The threads on which long questions are answered, so that short ones never wait behind them.
final class QueryThreads: Sendable {
  private let pool: NIOThreadPool
  private let mostWaiting: Int
  private let waiting = Atomic<Int>(0)

  init(threads: Int = 2, mostWaiting: Int) {
    pool = NIOThreadPool(numberOfThreads: threads)
    self.mostWaiting = mostWaiting
    pool.start()
  }

  func run<Answer: Sendable>(
    _ body: @escaping @Sendable () throws(Problem) -> Answer
  ) async throws(Problem) -> Answer {
    guard waiting.wrappingAdd(1, ordering: .relaxed).newValue <= mostWaiting else {
      waiting.wrappingSubtract(1, ordering: .relaxed)
      throw Problem(.busy, "\(mostWaiting) questions are waiting already.").retrying(after: 1)
    }
    defer { waiting.wrappingSubtract(1, ordering: .relaxed) }
    let result: Result<Answer, Problem>?
    do {
      result = try await pool.runIfActive { Result { () throws(Problem) in try body() } }
    } catch {
      result = nil
    }
    guard let result else { throw Problem(.busy, "The worker is ending.").retrying(after: 5) }
    return try result.get()
  }

  func shutDown() async { try? await pool.shutdownGracefully() }
}
