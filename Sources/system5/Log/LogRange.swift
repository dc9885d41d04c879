import System5Core
import System5Wire

/// From where to where in each partition.
///
/// A time stands for the first record at or after it, as when a consumer group is reset to a time;
/// what lies behind that record is in the range whatever its own time.
struct LogRange: Equatable {
  enum Start: Equatable {
    case beginning
    case offset(Int64)
    case time(Timestamp)

    /// `beginning`, an offset or a time; nil for what is none of these.
    init?(_ text: String) {
      if text == "beginning" {
        self = .beginning
      } else if let offset = Int64(text) {
        guard offset >= 0 else { return nil }
        self = .offset(offset)
      } else if let time = EmitTime.parse(text) {
        self = .time(time)
      } else {
        return nil
      }
    }
  }

  var start = Start.beginning
  /// nil: the end of the partition.
  var end: Timestamp?

  enum Place { case before, inside, after }

  /// Tells where the records of one partition are, in their order.
  struct Gate {
    private let range: LogRange
    private var opened: Int64?
    private var closed: Int64?

    init(_ range: LogRange) { self.range = range }

    mutating func place(of line: RecordLine) -> Place {
      let offset = line.offset ?? 0
      if closed == nil, let end = range.end, isAtOrAfter(end, line) { closed = offset }
      if closed != nil { return .after }
      if opened == nil, opens(at: offset, line) { opened = offset }
      return opened == nil ? .before : .inside
    }

    private func opens(at offset: Int64, _ line: RecordLine) -> Bool {
      switch range.start {
      case .beginning: true
      case .offset(let start): offset >= start
      case .time(let start): isAtOrAfter(start, line)
      }
    }

    private func isAtOrAfter(_ time: Timestamp, _ line: RecordLine) -> Bool {
      guard let milliseconds = line.timestampMilliseconds else { return false }
      return Timestamp(milliseconds: milliseconds) >= time
    }

    /// What the range has come to, if the partition ends there. Nothing where it never opened.
    func offsets(endingAt end: Int64) -> Range<Int64> {
      let end = closed ?? end
      switch range.start {
      case .beginning: return 0..<max(0, end)
      case .offset(let start): return min(start, end)..<end
      case .time: return (opened ?? end)..<end
      }
    }
  }
}
