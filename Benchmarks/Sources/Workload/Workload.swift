import System5Core
import System5Wire

/// Records of one partition as they would come from Kafka, the same each time: 40 systems, 1,000
/// sources, 2,000 adaptations and 1,000 policies, ids as long as a UUID.
public struct Workload: Sendable {
  public let input: InputTopic
  private let keys: [[UInt8]]
  private let values: [[UInt8]]

  public init(_ input: InputTopic, count: Int) {
    self.input = input
    var events = EventText(input)
    var keys: [[UInt8]] = []
    var values: [[UInt8]] = []
    for number in 0..<count {
      let (key, value) = events.event(number)
      keys.append(Array(key.utf8))
      values.append(Array(value.utf8))
    }
    self.keys = keys
    self.values = values
  }

  public var count: Int { values.count }

  /// Lends each record to `body`, with its offset.
  public func eachRecord(_ body: (RawRecord, Int64) -> Void) {
    for index in values.indices {
      keys[index].withUnsafeBytes { key in
        values[index].withUnsafeBytes { value in
          let record = RawRecord(
            key: key, value: value, timestampMilliseconds: EventText.milliseconds(of: index))
          body(record, Int64(index))
        }
      }
    }
  }
}
