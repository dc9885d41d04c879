import ArgumentParser
import Foundation
import System5Core
import System5Wire

struct EmitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "emit",
    abstract: "Write events to Kafka: record lines, one event from flags, or a CSV time series.",
    discussion: """
      Ends well only when the brokers have acknowledged every record.

        system5 emit events.jsonl
        system5 emit --system acme --type system5.variety.measured \
      --data '{"source":"market","variety":10}'
        system5 emit --csv load.csv --system acme --source-name requests \
      --time-column timestamp --value-column value
      """)

  @OptionGroup var settings: SettingsOptions

  @Argument(help: "Files of record lines; - or none is standard input.")
  var files: [String] = []

  @Option(help: "The topic, in place of the lines' own or the one for the event's type.")
  var topic: String?

  @Flag(help: "Write each record line to the partition it names.")
  var keepPartitions = false

  @OptionGroup(title: "One event, or a time series") var event: EventOptions
  @OptionGroup(title: "A time series") var series: SeriesOptions

  func validate() throws {
    try event.validate(isSeries: series.csv != nil)
    try series.validate()
    let isOther = event.type != nil || series.csv != nil
    if isOther && !files.isEmpty {
      throw ValidationError("record lines do not go with --type or --csv")
    }
    if event.type != nil && series.csv != nil {
      throw ValidationError("--type does not go with --csv")
    }
  }

  func run() throws {
    let settings = try settings.load()
    let sink = try KafkaSink(settings, keepsPartitions: keepPartitions)
    var progress = ProgressLine("records")
    defer { progress.clear() }
    try eachRecord(prefix: settings.string("prefix")) { record in
      try sink.write(record)
      progress.update(sink.count)
    }
    try sink.finish()
    progress.clear()
    Terminal.say("\(sink.count) \(sink.count == 1 ? "record" : "records") acknowledged")
  }

  private func eachRecord(prefix: String, _ body: (EmitRecord) throws -> Void) throws {
    if let path = series.csv {
      let name = topic ?? prefix + InputTopic.variety.suffix
      try series.series(of: event, topic: name).eachRecord(of: path, body)
    } else if event.type != nil {
      try body(event.record(topic: topic, prefix: prefix))
    } else {
      try EmitRecord.each(in: files, topic: topic, body)
    }
  }
}

/// One event, from flags.
struct EventOptions: ParsableArguments {
  @Option(help: "The viable system: the record's key.")
  var system: String?

  @Option(help: "The event's type, such as system5.variety.measured.")
  var type: String?

  @Option(help: "The event's data: a JSON object, or @FILE.")
  var data: String?

  @Option(help: "The event's id; made up unless given.")
  var id: String?

  @Option(help: "The event's source (CloudEvents); /{system}/emit unless given.")
  var source: String?

  @Option(help: "The event's time, RFC 3339; now unless given.")
  var time: String?

  func validate(isSeries: Bool) throws {
    if type != nil, system == nil || data == nil {
      throw ValidationError("--type needs --system and --data")
    }
    if type == nil, data != nil || id != nil || time != nil {
      throw ValidationError("--data, --id and --time need --type")
    }
    if type == nil, !isSeries, system != nil || source != nil {
      throw ValidationError("--system and --source need --type or --csv")
    }
    if let time, EmitTime.parse(time) == nil {
      throw ValidationError("--time is RFC 3339, such as 2026-11-23T08:00:00Z")
    }
  }

  func record(topic: String?, prefix: String) throws -> EmitRecord {
    let type = type ?? ""
    let system = system ?? ""
    guard let topic = topic ?? InputEvent.topic(forType: type).map({ prefix + $0 }) else {
      throw CommandFailure(
        .usage, "no topic is known for events of type \(type): name it with --topic")
    }
    let time = time.flatMap { EmitTime.parse($0) } ?? Self.now
    let event = InputEvent(
      id: id ?? UUID().uuidString.lowercased(), source: source ?? "/\(system)/emit", type: type,
      time: RFC3339.text(of: time), data: try object())
    return EmitRecord(
      topic: topic, key: Array(system.utf8), value: event.value, timestamp: time.milliseconds)
  }

  private static var now: Timestamp {
    Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
  }

  /// The data as written, which must be a JSON object.
  private func object() throws -> String {
    var text = data ?? ""
    if text.hasPrefix("@") {
      let path = String(text.dropFirst())
      guard let content = FileManager.default.contents(atPath: path) else {
        throw CommandFailure(.badData, "cannot read \(path)")
      }
      text = String(decoding: content, as: UTF8.self)
    }
    guard JSONFile.parse(Data(text.utf8))?.object != nil else {
      throw CommandFailure(.badData, "--data must be a JSON object")
    }
    return text
  }
}

/// A time series from a CSV file.
struct SeriesOptions: ParsableArguments {
  @Option(help: "A CSV file whose first line names its columns; - is standard input.")
  var csv: String?

  @Option(help: "The source whose variety the file measures.")
  var sourceName: String?

  @Option(help: "The column of times: RFC 3339 or \"YYYY-MM-DD HH:MM:SS\", UTC.")
  var timeColumn: String?

  @Option(help: "The column of values.")
  var valueColumn: String?

  @Option(help: "environment or system.")
  var role: String?

  func validate() throws {
    let given = [sourceName, timeColumn, valueColumn]
    if csv == nil, given.contains(where: { $0 != nil }) || role != nil {
      throw ValidationError("--source-name, --time-column, --value-column and --role need --csv")
    }
    if csv != nil, given.contains(nil) {
      throw ValidationError(
        "--csv needs --system, --source-name, --time-column and --value-column")
    }
    if let role, Role(rawValue: role) == nil {
      throw ValidationError("--role is environment or system")
    }
  }

  func series(of event: EventOptions, topic: String) throws -> CSVSeries {
    guard let system = event.system, let sourceName, let timeColumn, let valueColumn else {
      throw CommandFailure(
        .usage, "--csv needs --system, --source-name, --time-column and --value-column")
    }
    return CSVSeries(
      system: system, sourceName: sourceName, timeColumn: timeColumn, valueColumn: valueColumn,
      role: role.flatMap { Role(rawValue: $0) }, topic: topic,
      source: event.source ?? "/\(system)/csv")
  }
}
