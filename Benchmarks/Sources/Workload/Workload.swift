import System5Core
import System5Wire

/// Records of one partition as they would come from Kafka, the same each time.
public struct Workload: Sendable {
  public let input: InputTopic
  private var keys: [[UInt8]] = []
  private var values: [[UInt8]] = []
  private var milliseconds: [Int64] = []

  /// The next records of a text.
  public init(_ text: inout EventText, count: Int) {
    self.input = text.input
    for _ in 0..<count {
      let (key, value, milliseconds) = text.next()
      keys.append(Array(key.utf8))
      values.append(Array(value.utf8))
      self.milliseconds.append(milliseconds)
    }
  }

  /// The first records of a text.
  public init(_ input: InputTopic, shape: Shape? = nil, count: Int) {
    var text = EventText(input, shape: shape)
    self.init(&text, count: count)
  }

  public var count: Int { values.count }

  /// Lends each record to `body`, with its number among these.
  public func eachRecord(_ body: (RawRecord, Int64) -> Void) {
    for index in values.indices {
      keys[index].withUnsafeBytes { key in
        values[index].withUnsafeBytes { value in
          let record = RawRecord(
            key: key, value: value, timestampMilliseconds: milliseconds[index])
          body(record, Int64(index))
        }
      }
    }
  }
}
