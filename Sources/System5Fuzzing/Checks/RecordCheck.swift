import System5Core
import System5Wire

/// The path of a record, done twice over from equal states: nothing may differ, whatever a decoder
/// still has in its buffers.
final class RecordCheck {
  let base = BaseStates()
  private let decoder = EventDecoder(rules: BaseStates.rules)
  private let results = ResultCheck()

  func check(_ sequence: RecordSequence) throws(FuzzFailure) -> String {
    try check(sequence, from: base[sequence.input])
  }

  func check(
    _ sequence: RecordSequence, from state: any PartitionState
  ) throws(FuzzFailure) -> String {
    var pair = Pair(one: state, other: state)
    var outcomes: [String] = []
    var isChanged = false
    for record in sequence.records {
      let (disposition, part) = try step(record, &pair, sequence.input)
      if case .deadLetter = disposition {} else { isChanged = true }
      outcomes.append(part)
    }
    // More than two would make nearly every sequence a new one.
    let outcome = outcomes.suffix(2).joined()
    // These cost more than all else. Chosen by content, so that an input is checked as it was before.
    let choice = XXH64.hash(sequence.bytes)
    guard isChanged, choice.isMultiple(of: 16) else { return outcome }
    for record in base.probes[sequence.input] ?? [] {
      _ = try step(record, &pair, sequence.input)
    }
    if choice.isMultiple(of: 64) { try expectSameCheckpoints(pair) }
    return outcome
  }

  private struct Pair {
    var one: any PartitionState
    var other: any PartitionState
    var offset: Int64 = 0
  }

  private func step(
    _ record: FuzzRecord, _ pair: inout Pair, _ input: InputTopic
  ) throws(FuzzFailure) -> (Disposition, String) {
    let position = Position(topicName: input.suffix, partition: 3, offset: pair.offset)
    pair.offset += 1
    let (disposition, written) = apply(record, to: &pair.one, at: position, decoder)
    let fresh = EventDecoder(rules: BaseStates.rules)
    let again = apply(record, to: &pair.other, at: position, fresh)
    try expect(disposition == again.0, "\(disposition), and \(again.0) the second time")
    try expect(
      written.count == again.1.count && zip(written, again.1).allSatisfy { $0.isExactly($1) },
      "other results the second time")
    let part = try results.check(written, of: record, disposition, at: position)
    return (disposition, part)
  }

  private func apply(
    _ record: FuzzRecord, to state: inout any PartitionState, at position: Position,
    _ decoder: EventDecoder
  ) -> (Disposition, [ResultRecord]) {
    var results: [ResultRecord] = []
    let disposition = record.line.withRecord {
      state.process($0, at: position, decoder: decoder, into: &results)
    }
    return (disposition, results)
  }

  private func expectSameCheckpoints(_ pair: Pair) throws(FuzzFailure) {
    let one = try CheckpointCheck.content(of: pair.one, position: pair.offset)
    let other = try CheckpointCheck.content(of: pair.other, position: pair.offset)
    try expect(one.content == other.content, "equal states have other checkpoints")
    let restored = try CheckpointCheck.restored(one)
    let again = try CheckpointCheck.content(of: restored, position: pair.offset)
    try expect(again.content == one.content, "a restored state has another checkpoint")
  }
}
