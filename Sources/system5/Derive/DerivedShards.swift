import System5Core
import System5Wire

/// The partitions of the input topics, each made when its first record comes.
struct DerivedShards {
  private let prefix: String
  private let decoder: EventDecoder
  private var shards: [Place: DerivedShard] = [:]

  private struct Place: Hashable {
    let topic: String
    let partition: Int32
  }

  init(rules: Rules, prefix: String) {
    self.prefix = prefix
    decoder = EventDecoder(rules: rules)
  }

  /// A line without an offset gets the one after its partition's last.
  mutating func process(
    _ line: RecordLine, into results: inout [ResultRecord]
  ) throws(UnknownTopic) {
    let partition = line.partition ?? 0
    let shard = try shard(of: Place(topic: line.topic, partition: partition))
    let offset = line.offset ?? shard.nextOffset
    shard.nextOffset = offset == .max ? offset : offset + 1
    let position = Position(topicName: line.topic, partition: partition, offset: offset)
    var produced: [ResultRecord] = []
    line.withRecord { record in
      _ = shard.state.process(record, at: position, decoder: decoder, into: &produced)
    }
    results += produced
  }

  private mutating func shard(of place: Place) throws(UnknownTopic) -> DerivedShard {
    if let shard = shards[place] { return shard }
    guard let input = InputTopic.allCases.first(where: { prefix + $0.suffix == place.topic })
    else { throw UnknownTopic() }
    let shard = DerivedShard(input, rules: decoder.rules)
    shards[place] = shard
    return shard
  }

  /// `{"systems":{…}}`, as the contract has it.
  var state: JSONValue {
    let ordered = shards.sorted {
      ($0.key.topic, $0.key.partition) < ($1.key.topic, $1.key.partition)
    }
    return DerivedState.json(of: ordered.map(\.value.state))
  }
}

/// One partition, changed in place.
private final class DerivedShard {
  var state: any PartitionState
  var nextOffset: Int64 = 0

  init(_ input: InputTopic, rules: Rules) {
    state = input.emptyPartition(rules: rules)
  }
}
