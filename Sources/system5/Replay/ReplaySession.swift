import Kafka
import System5Core
import System5Wire

/// The log that is derived again, and what of it counts.
struct ReplaySession {
  let settings: Settings
  let prefix: String
  let reader: LogReader
  let log: InputLog
  let range: LogRange
  let systems: SystemChoice

  init(_ settings: Settings, _ options: ReplayOptions) throws {
    self.settings = settings
    prefix = settings.string("prefix")
    reader = try LogReader(settings)
    log = try InputLog(
      reader, options.choice, prefix: prefix, acceptsTruncated: options.acceptTruncatedLog)
    range = options.range
    systems = options.systemChoice
  }

  /// An empty shard for a slice.
  func shard(for slice: InputLog.Slice, _ decoder: EventDecoder) -> DerivedShard {
    DerivedShard(
      slice.input, topic: slice.partition.topic, partition: slice.partition.partition,
      decoder: decoder)
  }

  /// Derives every slice, one after another, and hands over the results that count.
  func derive(with rules: Rules, _ body: ([ResultRecord]) throws -> Void) throws {
    let decoder = EventDecoder(rules: rules)
    for slice in log.slices {
      let shard = shard(for: slice, decoder)
      try log.eachRecord(of: slice, in: range) { line, isInRange in
        let results = shard.process(line).results
        if isInRange, !results.isEmpty { try body(results.filter(systems.contains)) }
      }
    }
    log.finish()
  }
}
