import System5Core
import System5Wire

/// One line of an audit trail.
struct TraceEntry {
  let position: Position
  let timestamp: Int64?
  let event: TracedEvent?
  let isRefused: Bool
  let change: TraceChange

  init(_ step: TraceStep, _ change: TraceChange) {
    position = step.step.position
    timestamp = step.line.timestampMilliseconds
    event = step.event
    isRefused = step.refusal != nil
    self.change = change
  }

  private var time: String {
    event?.time ?? timestamp.map { RFC3339.text(of: Timestamp(milliseconds: $0)) } ?? "-"
  }

  var line: String {
    let results = change.results.isEmpty ? "" : "  [\(change.results.joined(separator: ", "))]"
    let origin = "\(event?.id ?? "-") of \(event?.source ?? "-")"
    return
      "\(time)  \(position.text)  \(event?.type ?? "-")  \(origin)  \(change.text)\(results)"
      .printable
  }

  /// A record line's members, and beside them what the event is and did.
  var json: [UInt8] {
    OrderedJSON.object(
      [
        .init("topic", .string(position.topicName)),
        .init("partition", .integer(Int64(position.partition))),
        .init("offset", .integer(position.offset)),
        .init("timestamp", timestamp.map { .time(Timestamp(milliseconds: $0)) } ?? .null),
        .init("time", .string(time)), .init("type", event.map { .string($0.type) } ?? .null),
        .init("id", event.map { .string($0.id) } ?? .null),
        .init("source", event.map { .string($0.source) } ?? .null),
        .init("refused", .bool(isRefused)), .init("change", .string(change.text)),
        .init("results", .list(change.results.map(OrderedJSON.string))),
      ]
    ).bytes
  }
}
