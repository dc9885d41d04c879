import System5Core
import System5Wire

/// Follows one thing through a shard and says which records made it what it is. Pure.
final class Trace {
  private let key: [UInt8]
  private let tracer: any Tracer
  private let parser = JSONParser()

  init(_ tracer: any Tracer, of system: String) {
    self.tracer = tracer
    key = Array(system.utf8)
  }

  /// Applies a record; an entry if it did something to the thing. Records of other systems are
  /// applied too, as all of a shard share the window that recognises repeated events, but only
  /// the system's own can touch what is the system's.
  func take(_ line: RecordLine, in shard: DerivedShard) -> TraceEntry? {
    guard line.key == key else {
      _ = shard.process(line)
      return nil
    }
    let before = shard.state
    let step = shard.process(line)
    let traced = TraceStep(
      line: line, event: TracedEvent(line, parser: parser), before: before, after: shard.state,
      step: step)
    return tracer.change(by: traced).map { TraceEntry(traced, $0) }
  }
}
