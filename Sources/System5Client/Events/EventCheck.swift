internal import System5Core
internal import System5Wire

/// Judges events as a worker with default limits will, by the worker's own decoder.
final class EventCheck {
  private let decoder = EventDecoder(rules: Rules())

  /// - Throws: what the dead letter would say.
  func check(_ record: EventRecord) throws(InvalidEvent) {
    let line = RecordLine(
      topic: "", timestampMilliseconds: record.timestampMilliseconds, key: record.key,
      headers: [ResultEncoder.contentType], value: record.value)
    let verdict = line.withRecord { raw in
      Result { () throws(Rejection) in try decode(raw, record.input) }
    }
    if case .failure(let rejection) = verdict { throw InvalidEvent(rejection) }
  }

  private func decode(_ record: RawRecord, _ input: InputTopic) throws(Rejection) {
    switch input {
    case .policy: _ = try decoder.decode(record, as: PolicyEvent.self)
    case .adaptation: _ = try decoder.decode(record, as: AdaptationEvent.self)
    case .variety: _ = try decoder.decode(record, as: VarietyEvent.self)
    }
  }
}
