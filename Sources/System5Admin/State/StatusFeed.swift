import Foundation
import Hummingbird
import NIOCore
import ServiceLifecycle
import Synchronization
import System5Core
import System5Wire
import System5Worker

/// The stream of events: how the worker stands, every second.
final class StatusFeed: Sendable {
  private let board: WorkerBoard
  private let mostStreams: Int
  private let streams = Atomic<Int>(0)
  private let rate = Mutex(RecordRate())

  init(board: WorkerBoard, mostStreams: Int) {
    self.board = board
    self.mostStreams = mostStreams
  }

  /// A stream of `text/event-stream`, which ends when its reader does, or the server.
  func answer() throws(Problem) -> Answer {
    guard streams.wrappingAdd(1, ordering: .relaxed).newValue <= mostStreams else {
      streams.wrappingSubtract(1, ordering: .relaxed)
      throw Problem(.busy, "\(mostStreams) streams are open already.").retrying(after: 5)
    }
    let place = StreamPlace { self.streams.wrappingSubtract(1, ordering: .relaxed) }
    let body = ResponseBody { writer in
      try await self.write(to: &writer)
      place.leave()
      try await writer.finish(nil)
    }
    return Answer(
      headers: [
        .contentType: "text/event-stream", .cacheControl: "no-store", .connection: "close",
      ], body: .stream(body))
  }

  private func write(to writer: inout any ResponseBodyWriter) async throws {
    while !Task.isCancelled, !Task.isShuttingDownGracefully {
      let event = "event: status\ndata: \(String(decoding: status().bytes, as: UTF8.self))\n\n"
      try await writer.write(ByteBuffer(string: event))
      try await cancelWhenGracefulShutdown { try await Task.sleep(for: .seconds(1)) }
    }
  }

  /// How the worker stands now.
  func status() -> OrderedJSON {
    let pipelines = board.pipelines
    let shards = ShardIndex(board).shards
    let records = pipelines.reduce(0) { $0 + $1.records }
    let rate = rate.withLock { $0.perSecond(records, at: .now) }
    return .object([
      .init("time", .time(StatusFeed.now)),
      .init("records_per_second", .number(rate)),
      .init("lag", .integer(shards.reduce(0) { $0 + ($1.lag ?? 0) })),
      .init("broker", .string(pipelines.contains(where: \.isBrokerAway) ? "away" : "up")),
      .init("shards", .list(shards.map { StatusJSON.shard($0) })),
    ])
  }

  private static var now: Timestamp {
    Timestamp(milliseconds: Int64((Date().timeIntervalSince1970 * 1000).rounded()))
  }
}

/// A place among the streams, given back once: by its end, or by being let go of unused.
private final class StreamPlace: Sendable {
  private let isTaken = Atomic<Bool>(true)
  private let giveBack: @Sendable () -> Void

  init(_ giveBack: @escaping @Sendable () -> Void) { self.giveBack = giveBack }

  deinit { leave() }

  func leave() {
    if isTaken.exchange(false, ordering: .relaxed) { giveBack() }
  }
}

/// How fast a count grows, over the last second or so, whoever asks and however often.
struct RecordRate {
  private var start: (count: Int64, at: ContinuousClock.Instant)?
  private var latest = 0.0

  mutating func perSecond(_ count: Int64, at now: ContinuousClock.Instant) -> Double {
    guard let start else {
      self.start = (count, now)
      return 0
    }
    let seconds = (now - start.at) / .seconds(1)
    if seconds >= 0.9 {
      latest = (Double(max(0, count - start.count)) / seconds).rounded()
      self.start = (count, now)
    }
    return latest
  }
}
