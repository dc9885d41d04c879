import ArgumentParser
import System5Core
import System5Wire

struct ReplayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Derive again from Kafka: to standard output, to a file, to topics; or compare.",
    discussion: """
      Reads the input topics up to their ends as of the start, without joining a group, one \
      partition after another in order of topic and number. Each is always derived from its \
      beginning, since results depend on all that came before; --from only says from where on \
      results count. With --system too every record is applied: a partition's systems share the \
      window in which an event that was sent twice is recognised. If the log no longer reaches \
      back to its beginning, this ends with 78 unless --accept-truncated-log is given.

      --diff derives by the rules in force and by those of --rules, and reports the alert \
      episodes, patterns, gap and trend analyses and dead letters that would be new, gone or \
      changed: 1 if there are any, 0 if none. Episodes are told apart by their alert and their \
      beginning.

      --verify compares key, value and headers with what the result topics hold: 1 if they \
      differ, 0 if not. Repeated results count once if they are equal. If --group has committed \
      offsets, only results of records below them must be there. A result that is missing counts \
      as no longer held, not as a difference, where its topic's retention has passed: before the \
      first one held, in a partition that has lost its beginning; and where compaction may have \
      taken it: in a compacted topic, if a later result of its key is held, or if the last result \
      of its key is a tombstone, which compaction removes in time too.
      """)

  @OptionGroup var settings: SettingsOptions
  @OptionGroup(title: "What to derive") var options: ReplayOptions

  @Option(help: "A JSON file of other rules than those in force.")
  var rules: String?

  @Option(help: "Write record lines to this file.")
  var output: String?

  @Option(help: "Publish to the result topics under this prefix, in transactions.")
  var toPrefix: String?

  @Flag(help: "Allow --to-prefix to be the prefix in use.")
  var toLiveTopics = false

  @Flag(help: "Report what --rules would change.")
  var diff = false

  @Flag(help: "Compare with what was published.")
  var verify = false

  @Flag(help: "With --diff or --verify: one JSON object a line for each difference.")
  var json = false

  func validate() throws {
    let ends = [diff, verify, output != nil, toPrefix != nil].filter { $0 }.count
    if ends > 1 {
      throw ValidationError("of --diff, --verify, --output and --to-prefix only one can be given")
    }
    if diff, rules == nil { throw ValidationError("--diff needs --rules") }
    if toLiveTopics, toPrefix == nil { throw ValidationError("--to-live-topics needs --to-prefix") }
    if json, !diff, !verify {
      throw ValidationError("--json needs --diff or --verify; results are record lines anyway")
    }
    if let toPrefix, toPrefix.isEmpty { throw ValidationError("--to-prefix is not empty") }
  }

  func run() throws {
    let settings = try settings.load()
    try checkTarget(settings)
    let inForce = try settings.rules()
    let others = try rules.map { try RulesFile.read($0) }
    let session = try ReplaySession(settings, options)
    defer { try? session.reader.close() }
    if let others, diff {
      try end(DiffRun(session, json: json).run(inForce, others))
    } else if verify {
      try end(VerifyRun(session, json: json).run(others ?? inForce))
    } else {
      let sink = try sink(settings)
      try session.derive(with: others ?? inForce) { try sink.write($0) }
      try sink.finish()
    }
  }

  private func end(_ differences: Int) throws {
    if differences > 0 { throw ExitCode(1) }
  }

  /// Results that were published must not come again by mistake.
  func checkTarget(_ settings: Settings) throws(CommandFailure) {
    guard let toPrefix else { return }
    guard Setting.named("prefix")?.complaint(toPrefix) == nil else {
      throw CommandFailure(.usage, "--to-prefix has letters, digits, '.', '_' and '-'")
    }
    guard toPrefix == settings.string("prefix"), !toLiveTopics else { return }
    throw CommandFailure(
      .usage,
      "--to-prefix \(toPrefix) is the prefix in use, whose results would come twice: "
        + "--to-live-topics allows it")
  }

  private func sink(_ settings: Settings) throws -> any ReplaySink {
    if let toPrefix { return try TopicSink(settings, prefix: toPrefix) }
    return try LineSink(path: output, prefix: settings.string("prefix"))
  }
}
