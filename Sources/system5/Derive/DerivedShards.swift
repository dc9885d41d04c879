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

  mutating func process(
    _ line: RecordLine, into results: inout [ResultRecord]
  ) throws(UnknownTopic) {
    results += try shard(of: line).process(line).results
  }

  /// The partition that a line belongs to.
  mutating func shard(of line: RecordLine) throws(UnknownTopic) -> DerivedShard {
    let place = Place(topic: line.topic, partition: line.partition ?? 0)
    if let shard = shards[place] { return shard }
    guard let input = InputTopic.allCases.first(where: { prefix + $0.suffix == place.topic })
    else { throw UnknownTopic() }
    let shard = DerivedShard(
      input, topic: place.topic, partition: place.partition, decoder: decoder)
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
