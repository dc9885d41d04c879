import ArgumentParser
import System5Core

extension TopicsCommand {
  struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Compare the topics and their latest records with the contract.",
      discussion: """
        Says where a topic does not do for the worker, and which records of a sample the worker \
        would refuse, or are no results, by who sent them. Exit code 1 if there is any.
        """)

    @OptionGroup var options: TopicsOptions

    @Option(help: "How many of each partition's latest records to look at; 0 for none.")
    var samples = 100

    func validate() throws {
      if !(0...1_000_000).contains(samples) {
        throw ValidationError("--samples is 0 to 1000000")
      }
    }

    func run() throws {
      let session = try TopicsSession(options)
      let check = TopicCheck(
        session.definitions, prefix: session.prefix, partitions: options.partitions,
        present: session.present, rules: try session.settings.rules())
      let report = try sample(session)
      var output = OutputBuffer()
      let lines =
        options.json
        ? (check.findings.map(\.json) + report.json).map(\.canonicalText)
        : check.findings.map(\.line) + report.lines
      for line in lines { try output.append(line: line) }
      try output.flush()
      Terminal.say(
        "\(session.present.count) topics, \(report.sampled) records looked at: "
          + "\(check.findings.count) differences, \(report.count) records drifted")
      if !lines.isEmpty { throw ExitCode(1) }
    }

    private func sample(_ session: TopicsSession) throws -> DriftReport {
      var report = DriftReport()
      guard samples > 0 else { return report }
      let topics = RecordContract.topics.map { session.prefix + $0 }
        .filter { session.present[$0] != nil }
      let contract = RecordContract(
        prefix: session.prefix,
        partitionCounts: session.present.mapValues { Int32(clamping: $0.partitions) },
        rules: try session.settings.rules())
      let reader = try LogReader(session.settings)
      defer { try? reader.close() }
      let partitions = try reader.partitions(of: topics)
      let starts = try reader.starts(of: partitions)
      let ends = try reader.ends(of: partitions)
      for partition in partitions {
        let end = ends[partition] ?? 0
        let slice = LogSlice(
          partition: partition, start: max(starts[partition] ?? 0, end - Int64(samples)), end: end)
        try reader.read(slice) { line in
          report.note(line, contract.breach(line))
          return .goOn
        }
      }
      return report
    }
  }
}
