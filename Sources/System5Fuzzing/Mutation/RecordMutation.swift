import System5Core
import System5Testing
import System5Wire

/// Changes to records: mostly to a value, so that it stays an event in all else.
enum RecordMutation {
  static func mutate(
    _ sequence: inout RecordSequence, with other: RecordSequence, using random: inout SplitMix64
  ) {
    let rest = random.below(24)
    guard !sequence.records.isEmpty else {
      sequence.records = other.records
      return
    }
    let at = random.below(sequence.records.count)
    switch rest {
    case 0: sequence.input = random.pick(InputTopic.allCases)
    case 1: sequence.records.remove(at: at)
    case 2: sequence.records.insert(sequence.records[at], at: random.below(at + 1))
    case 3, 4:
      let more = other.records.prefix(RecordSequence.limit - sequence.records.count)
      sequence.records.insert(contentsOf: more, at: at)
    case 5: sequence.records.swapAt(at, random.below(sequence.records.count))
    default: mutate(&sequence.records[at], with: other, using: &random)
    }
  }

  private static func mutate(
    _ record: inout FuzzRecord, with other: RecordSequence, using random: inout SplitMix64
  ) {
    let piece = other.records.isEmpty ? nil : random.pick(other.records)
    switch random.below(20) {
    case 0: mutate(&record.key, with: piece?.key, using: &random)
    case 1: record.timestamp = timestamp(near: record.timestamp, using: &random)
    case 2: record.value = random.chance(2) ? nil : []
    case 3: mutateHeaders(&record.headers, using: &random)
    case 4: makeBinary(&record, using: &random)
    case 5 where random.chance(50): pad(&record, using: &random)
    default: mutate(&record.value, with: piece?.value, using: &random)
    }
  }

  private static func mutate(
    _ bytes: inout [UInt8]?, with other: [UInt8]?, using random: inout SplitMix64
  ) {
    var changed = bytes ?? []
    ByteMutation.mutate(&changed, with: other ?? [], using: &random)
    bytes = changed
  }

  private static func timestamp(
    near time: Int64?, using random: inout SplitMix64
  ) -> Int64? {
    switch random.below(4) {
    case 0: nil
    case 1: random.pick(Tokens.timestamps)
    default: (time ?? 0) &+ Int64(random.below(4_000_000)) &- 1_000_000
    }
  }

  private static func mutateHeaders(
    _ headers: inout [RawHeader], using random: inout SplitMix64
  ) {
    let at = random.below(headers.count)
    switch headers.isEmpty ? 4 : random.below(8) {
    case 0: headers.remove(at: at)
    case 1: headers.append(headers[at])
    case 2: mutate(&headers[at].value, with: nil, using: &random)
    case 3: headers[at].value = random.chance(2) ? nil : random.pick(Tokens.headerValues)
    default:
      headers.insert(
        RawHeader(random.pick(Tokens.headers), random.pick(Tokens.headerValues)), at: at)
    }
  }

  /// The same event in CloudEvents' binary mode, as far as it can be found in the value.
  private static func makeBinary(_ record: inout FuzzRecord, using random: inout SplitMix64) {
    guard let value = record.value, case .object(let event)? = try? JSONParser().value(of: value)
    else { return }
    for name in ["specversion", "id", "source", "type", "time"] where !random.chance(30) {
      guard case .string(let text)? = event[Text(name)] else { continue }
      record.headers.append(RawHeader("ce_\(name)", text: text.string))
    }
    record.headers.append(RawHeader("content-type", text: "application/json"))
    record.value = event["data"].map { Array($0.canonicalText.utf8) }
  }

  /// To a length around the greatest that is allowed.
  private static func pad(_ record: inout FuzzRecord, using random: inout SplitMix64) {
    let length = EventDecoder.largestValue + random.below(3) - 1 - (record.value?.count ?? 0)
    record.value?.append(contentsOf: Array(repeating: UInt8(ascii: " "), count: max(0, length)))
  }
}
