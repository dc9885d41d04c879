internal import Foundation
internal import System5Core
internal import System5Wire

/// An event as the record that carries it.
struct EventRecord: Sendable {
  let id: String
  let input: InputTopic
  let key: [UInt8]
  let value: [UInt8]
  let timestampMilliseconds: Int64

  init(
    _ content: EventContent, system: String, source: String, id: String, time: Timestamp
  ) {
    let event = InputEvent(
      id: id, source: source, type: "\(content.type.name)", time: RFC3339.text(of: time),
      data: String(decoding: OrderedJSON.object(content.data).bytes, as: UTF8.self))
    self.id = id
    input = content.type.input
    key = Array(system.utf8)
    value = event.value
    // Producers take 0 for the present.
    timestampMilliseconds = max(1, time.milliseconds)
  }
}

extension Timestamp {
  /// Microseconds are kept; held to what RFC 3339 can say.
  init(_ date: Date) {
    let scaled = (date.timeIntervalSince1970 * 1_000_000).rounded()
    self.init(microseconds: Int64(exactly: scaled) ?? (scaled < 0 ? .min : .max))
  }

  var date: Date { Date(timeIntervalSince1970: Double(microseconds) / 1_000_000) }
}
