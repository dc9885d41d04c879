import ArgumentParser
import Kafka
import System5Core
import System5Wire

struct TraceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trace",
    abstract: "The events that made a policy, an adaptation, an alert or a pattern what it is.",
    discussion: """
      Derives the system's partition again from its beginning and lists each event that changed \
      the thing or published a result about it, in the order of the log, with the ids of those \
      results. Refused events that named it are listed as refused; events that were recognised \
      as sent twice are not listed.

      An alert is named by its id; by a source, for all alerts about it and its thresholds; or as \
      requisite-variety. A pattern's events are those of the adaptations that support it, \
      extractions and transfers that published it, and its retirement.

        system5 trace policy acme budget
        system5 trace alert acme queue --file events.jsonl
      """)

  enum Kind: String, CaseIterable, ExpressibleByArgument {
    case policy, adaptation, alert, pattern
  }

  @OptionGroup var settings: SettingsOptions

  @Argument(help: "policy, adaptation, alert or pattern.")
  var kind: Kind

  @Argument(help: "The viable system.")
  var system: String

  @Argument(help: "Its id; of an alert also its source.")
  var id: String

  @Option(
    name: .customLong("file"), help: "Read record lines from this file, not Kafka; repeatable.")
  var files: [String] = []

  @Flag(help: "Read all partitions, where producers do not partition with murmur2.")
  var allPartitions = false

  @Option(help: "A JSON file of other rules than those in force.")
  var rules: String?

  @Flag(help: "Derive from what is left of a log whose beginning is gone.")
  var acceptTruncatedLog = false

  @Flag(help: "One JSON object a line.")
  var json = false

  func validate() throws {
    if !files.isEmpty, allPartitions || acceptTruncatedLog {
      throw ValidationError("--all-partitions and --accept-truncated-log do not go with --file")
    }
  }

  func run() throws {
    let settings = try settings.load()
    let rules = try rules.map { try RulesFile.read($0) } ?? settings.rules()
    let tracer = tracer(rules)
    let trace = Trace(tracer, of: system)
    var output = OutputBuffer()
    var count = 0
    func show(_ entry: TraceEntry?) throws {
      guard let entry else { return }
      count += 1
      try output.append(line: json ? entry.json : Array(entry.line.utf8))
    }
    if files.isEmpty {
      try traceLog(settings, rules, tracer.input) { try show(trace.take($0, in: $1)) }
    } else {
      try traceFiles(settings, rules, tracer.input) { try show(trace.take($0, in: $1)) }
    }
    try output.flush()
    if count == 0 { Terminal.say("no event of \(system) has to do with the \(kind) \(id)") }
  }

  private func tracer(_ rules: Rules) -> any Tracer {
    let (system, id) = (Text(system), Text(id))
    return switch kind {
    case .policy: PolicyTracer(system: system, policy: id)
    case .adaptation: AdaptationTracer(system: system, adaptation: id)
    case .alert: AlertTracer(system: system, name: id)
    case .pattern: PatternTracer(system: system, pattern: id, rules: rules)
    }
  }

  private func traceLog(
    _ settings: Settings, _ rules: Rules, _ input: InputTopic,
    _ body: (RecordLine, DerivedShard) throws -> Void
  ) throws {
    let reader = try LogReader(settings)
    defer { try? reader.close() }
    let choice = InputChoice(
      inputs: [input], partitions: allPartitions ? .all : .ofKey(Array(system.utf8)))
    let log = try InputLog(
      reader, choice, prefix: settings.string("prefix"), acceptsTruncated: acceptTruncatedLog)
    let decoder = EventDecoder(rules: rules)
    for slice in log.slices {
      let shard = DerivedShard(
        input, topic: slice.partition.topic, partition: slice.partition.partition,
        decoder: decoder)
      try log.eachRecord(of: slice, in: LogRange()) { line, _ in try body(line, shard) }
    }
    log.finish()
  }

  /// Lines of other topics are passed over.
  private func traceFiles(
    _ settings: Settings, _ rules: Rules, _ input: InputTopic,
    _ body: (RecordLine, DerivedShard) throws -> Void
  ) throws {
    let prefix = settings.string("prefix")
    var shards = DerivedShards(rules: rules, prefix: prefix)
    let coder = RecordLineCoder()
    for path in files {
      var reader = try LineReader(path: path)
      while let line = try RecordLines.next(from: &reader, by: coder) {
        guard line.topic == prefix + input.suffix else { continue }
        try body(line, shards.shard(of: line))
      }
    }
  }
}
