import System5Core
import System5Wire

/// One partition of an input topic, derived record by record: what the worker does with it.
final class DerivedShard {
  private(set) var state: any PartitionState
  private let topic: String
  private let partition: Int32
  private let decoder: EventDecoder
  private var nextOffset: Int64 = 0

  init(_ input: InputTopic, topic: String, partition: Int32, decoder: EventDecoder) {
    state = input.emptyPartition(rules: decoder.rules)
    self.topic = topic
    self.partition = partition
    self.decoder = decoder
  }

  /// What became of a record.
  struct Step {
    let position: Position
    let disposition: Disposition
    let results: [ResultRecord]
  }

  /// A line without an offset gets the one after its partition's last.
  func process(_ line: RecordLine) -> Step {
    let offset = line.offset ?? nextOffset
    nextOffset = offset == .max ? offset : offset + 1
    let position = Position(topicName: topic, partition: partition, offset: offset)
    var results: [ResultRecord] = []
    let disposition = line.withRecord { record in
      state.process(record, at: position, decoder: decoder, into: &results)
    }
    return Step(position: position, disposition: disposition, results: results)
  }
}
