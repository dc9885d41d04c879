import System5Core
import System5Wire

/// The dead letters' topic, read to its end as of the start.
struct LetterLog {
  private let reader: LogReader
  private let slices: [LogSlice]

  init(_ reader: LogReader, prefix: String) throws {
    self.reader = reader
    let partitions = try reader.partitions(of: [prefix + OutputKind.deadLetters.suffix])
    let starts = try reader.starts(of: partitions)
    let ends = try reader.ends(of: partitions)
    slices = partitions.map {
      LogSlice(partition: $0, start: starts[$0] ?? 0, end: ends[$0] ?? 0)
    }
  }

  /// Hands over the letters that are meant, each once, in the topic's order.
  func each(
    _ filter: LetterFilter, limit: Int?, _ body: (DeadLetterRecord) throws -> Void
  ) throws {
    var selection = LetterSelection(filter, limit: limit)
    var progress = ProgressLine("records", of: slices.reduce(0) { $0 + $1.count })
    var count = 0
    for slice in slices where !selection.isFull {
      try reader.read(slice) { line in
        count += 1
        progress.update(count)
        if let letter = selection.take(line) { try body(letter) }
        return selection.isFull ? .stop : .goOn
      }
    }
    progress.clear()
  }
}

/// Picks letters out of what is read. Pure.
struct LetterSelection {
  private let filter: LetterFilter
  private let limit: Int?
  /// The records whose letter was taken: where delivery is at least once, a letter may come twice.
  private var taken: Set<Position> = []

  init(_ filter: LetterFilter, limit: Int?) {
    self.filter = filter
    self.limit = limit
  }

  var isFull: Bool { limit.map { taken.count >= $0 } ?? false }

  mutating func take(_ line: RecordLine) -> DeadLetterRecord? {
    guard !isFull, let letter = DeadLetterRecord(line), filter.contains(letter),
      taken.insert(letter.origin.position).inserted
    else { return nil }
    return letter
  }
}
