import ArgumentParser
import Kafka
import System5Core
import System5Wire

struct DeadLettersCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dead-letters",
    abstract: "The records that could not be applied: look at them, put them back.",
    subcommands: [List.self, Redrive.self])

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show dead letters: where they lie, where they were, and why they were refused.")

    @OptionGroup var settings: SettingsOptions
    @OptionGroup(title: "Which dead letters") var letters: LetterOptions

    @Flag(help: "Print record lines.")
    var json = false

    func run() throws {
      let settings = try settings.load()
      let prefix = settings.string("prefix")
      let reader = try LogReader(settings)
      defer { try? reader.close() }
      let coder = RecordLineCoder()
      var output = OutputBuffer()
      var count = 0
      try LetterLog(reader, prefix: prefix)
        .each(letters.filter(prefix: prefix), limit: letters.limit) { letter in
          count += 1
          if json {
            try output.append(line: coder.encode(letter.line))
          } else {
            try output.append(line: letter.tableLine)
          }
        }
      try output.flush()
      if !json { Terminal.say("\(count) dead \(count == 1 ? "letter" : "letters")") }
    }
  }

  struct Redrive: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract:
        "Put dead letters back on the topics they came from; without --execute only say so.",
      discussion: """
        Key, value and headers go back as they were received, to the topic and the partition they \
        came from, in the order of topic, partition and offset, with the header \
        __system5.redriven: where the dead letter lies, {topic}-{partition}@{offset}. The headers \
        __system5.errors.* are left out. They get the present as their timestamp, as a record \
        that was dated in the future is judged by it; --keep-timestamp keeps the original one.

        Dead letters stay where they are, and nothing remembers which were put back: narrow a \
        second run with --after, --before, --from-offset and --until-offset, or look for the \
        header on the original topic. An event that meanwhile was applied counts as sent twice \
        and changes nothing.

        Records are written in transactions of --batch records each; if one fails, those before \
        it are there and the rest is not.
        """)

    @OptionGroup var settings: SettingsOptions
    @OptionGroup(title: "Which dead letters") var letters: LetterOptions

    @Flag(help: "Do it.")
    var execute = false

    @Flag(help: "Keep the original timestamps.")
    var keepTimestamp = false

    @Option(help: "How many records to a transaction.")
    var batch = 500

    @Flag(help: "Print the records that go back as record lines.")
    var json = false

    func validate() throws {
      if !(1...100_000).contains(batch) { throw ValidationError("--batch is 1 to 100000") }
    }

    func run() throws {
      let settings = try settings.load()
      let plan = try plan(settings)
      for letter in plan.homeless {
        Terminal.say(
          "left out: \(letter.position.text) came from \(letter.origin.position.text), "
            + "which is no partition of an input topic here")
      }
      if execute { try put(plan, settings) }
      try show(plan)
      let count = plan.records.count
      let noun = count == 1 ? "record" : "records"
      Terminal.say(
        execute
          ? "\(count) \(noun) put back" : "\(count) \(noun) would be put back: --execute does it")
    }

    private func plan(_ settings: Settings) throws -> RedrivePlan {
      let prefix = settings.string("prefix")
      let reader = try LogReader(settings)
      defer { try? reader.close() }
      var found: [DeadLetterRecord] = []
      try LetterLog(reader, prefix: prefix)
        .each(letters.filter(prefix: prefix), limit: letters.limit) { found.append($0) }
      let inputs = try reader.partitions(of: InputTopic.allCases.map { prefix + $0.suffix })
      return RedrivePlan(
        found, partitionCounts: Dictionary(inputs.map { ($0.topic, 1) }, uniquingKeysWith: +),
        keepsTimestamps: keepTimestamp)
    }

    private func put(_ plan: RedrivePlan, _ settings: Settings) throws {
      guard !plan.records.isEmpty else { return }
      let instance = settings["instance"].map { "." + $0 } ?? ""
      let sink = try KafkaSink(
        settings, keepsPartitions: true,
        transactions: .init(id: "\(settings.string("group")).redrive\(instance)", size: batch))
      for record in plan.records { try sink.write(EmitRecord(record, topic: nil)) }
      try sink.finish()
    }

    private func show(_ plan: RedrivePlan) throws {
      let coder = RecordLineCoder()
      var output = OutputBuffer()
      for record in plan.records {
        try output.append(line: json ? coder.encode(record) : Array(Self.line(record).utf8))
      }
      try output.flush()
    }

    private static func line(_ record: RecordLine) -> String {
      let letter = record.headers.text(RedrivePlan.header) ?? "-"
      let key = record.key.map { String(decoding: $0.prefix(128), as: UTF8.self) } ?? "-"
      let place = "\(record.topic)-\(record.partition ?? 0)"
      return "\(letter)  to \(place)  \(key)  \(record.value?.count ?? 0) bytes".printable
    }
  }
}
