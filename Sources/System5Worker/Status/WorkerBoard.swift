import Synchronization

/// What a worker knows, for those who ask while it runs: each pipeline puts its reports here, and
/// never waits for a reader.
///
/// A report is a value, and the states in it are committed snapshots: what a reader has taken stays
/// as it was, however long it looks at it.
public final class WorkerBoard: Sendable {
  private let places = Mutex<[Int: BoardPlace]>([:])

  public init() {}

  /// The latest report of every pipeline, in the order of their numbers.
  public var pipelines: [PipelineReport] {
    let places = places.withLock { $0 }
    return places.sorted { $0.key < $1.key }.map(\.value.report)
  }

  /// The place of a pipeline, which is made when it is first asked for.
  package func place(of pipeline: Int) -> BoardPlace {
    places.withLock { places in
      if let place = places[pipeline] { return place }
      let place = BoardPlace(pipeline: pipeline)
      places[pipeline] = place
      return place
    }
  }
}

/// Where one pipeline puts its reports. Written by the pipeline's thread only.
package final class BoardPlace: Sendable {
  private static let epoch = ContinuousClock.now

  private let latest: Mutex<PipelineReport>
  private let beatMicroseconds: Atomic<Int64>
  private let records = Atomic<Int64>(0)

  init(pipeline: Int) {
    latest = Mutex(PipelineReport(number: pipeline, phase: .starting, beatAt: .now))
    beatMicroseconds = Atomic(BoardPlace.microseconds(.now))
  }

  /// Shows that the loop is alive; cheap enough for each turn.
  package func beat(at now: ContinuousClock.Instant) {
    beatMicroseconds.store(BoardPlace.microseconds(now), ordering: .relaxed)
  }

  package func count(records count: Int) {
    records.wrappingAdd(Int64(count), ordering: .relaxed)
  }

  package func put(_ report: PipelineReport) {
    // What was there may be the last to hold states, and is let go of elsewhere.
    let former = latest.withLock { latest in
      defer { latest = report }
      return latest
    }
    Disposal.dispose(former)
  }

  var report: PipelineReport {
    var report = latest.withLock { $0 }
    report.beatAt = BoardPlace.instant(beatMicroseconds.load(ordering: .relaxed))
    report.records = records.load(ordering: .relaxed)
    return report
  }

  private static func microseconds(_ instant: ContinuousClock.Instant) -> Int64 {
    let (seconds, attoseconds) = (instant - epoch).components
    return seconds &* 1_000_000 &+ attoseconds / 1_000_000_000_000
  }

  private static func instant(_ microseconds: Int64) -> ContinuousClock.Instant {
    epoch + .microseconds(microseconds)
  }
}
