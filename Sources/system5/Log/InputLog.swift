import Kafka
import System5Core
import System5Wire

/// The chosen partitions of the input topics, each from its beginning to its end as of now.
final class InputLog {
  struct Slice {
    let input: InputTopic
    let log: LogSlice

    var partition: TopicPartition { log.partition }
  }

  let slices: [Slice]
  private let reader: LogReader
  private var progress: ProgressLine
  private(set) var count = 0

  /// - Parameter acceptsTruncated: whether a log without its beginning will do.
  init(
    _ reader: LogReader, _ choice: InputChoice, prefix: String, acceptsTruncated: Bool
  ) throws {
    self.reader = reader
    let present = try reader.partitions(of: choice.inputs.map { prefix + $0.suffix })
    let chosen = try choice.chosen(of: present, prefix: prefix)
    let starts = try reader.starts(of: chosen.map(\.partition))
    let ends = try reader.ends(of: chosen.map(\.partition))
    slices = chosen.map { chosen in
      let partition = chosen.partition
      let slice = LogSlice(
        partition: partition, start: starts[partition] ?? 0, end: ends[partition] ?? 0)
      return Slice(input: chosen.input, log: slice)
    }
    progress = ProgressLine("records", of: slices.reduce(0) { $0 + $1.log.count })
    try slices.forEach { try Self.judgeStart(of: $0.log, acceptsTruncated: acceptsTruncated) }
  }

  /// Results depend on all that came before, so a missing beginning must not go unnoticed.
  static func judgeStart(of slice: LogSlice, acceptsTruncated: Bool) throws(CommandFailure) {
    guard slice.start > 0 else { return }
    let found =
      "the log of \(slice.partition.topic), partition \(slice.partition.partition), begins at "
      + "offset \(slice.start), not at 0, and results depend on all that came before"
    guard acceptsTruncated else {
      throw CommandFailure(
        .configuration, "\(found): --accept-truncated-log derives from what is left")
    }
    Terminal.say("system5: \(found)")
  }

  /// Hands over all records of a slice up to the range's end, each with whether it is in the range.
  ///
  /// - Returns: the offsets that the range comes to in this partition.
  @discardableResult
  func eachRecord(
    of slice: Slice, in range: LogRange, _ body: (RecordLine, _ isInRange: Bool) throws -> Void
  ) throws -> Range<Int64> {
    var gate = LogRange.Gate(range)
    try reader.read(slice.log) { line in
      count += 1
      progress.update(count)
      let place = gate.place(of: line)
      if place == .after { return .stop }
      try body(line, place == .inside)
      return .goOn
    }
    return gate.offsets(endingAt: slice.log.end)
  }

  /// Makes room on the terminal for what is said next.
  func finish() { progress.clear() }
}
