import Kafka

/// How far each partition was read and delivered: what may be committed is what nothing undelivered
/// lies before.
struct ForwardProgress {
  private struct Place {
    /// The group's offset when the partition came, and since.
    var committed: Int64?
    /// The offset behind what was read.
    var next: Int64 = 0
    /// Read and not delivered, in order.
    var open: [Int64] = []
    var hasReachedEnd = false
  }

  private var places: [TopicPartition: Place] = [:]

  var partitions: [TopicPartition] { places.keys.sorted() }
  /// How many records are read and not delivered.
  var openCount: Int { places.values.reduce(0) { $0 + $1.open.count } }

  /// - Parameter committed: the group's offset; nil if it has none.
  mutating func assigned(_ partition: TopicPartition, committed: Int64?) {
    places[partition] = Place(committed: committed)
  }

  mutating func dropped(_ partition: TopicPartition) { places[partition] = nil }

  func owns(_ partition: TopicPartition) -> Bool { places[partition] != nil }

  /// Whether a record was delivered by this program's earlier life, or another of the group.
  func wasDelivered(_ partition: TopicPartition, _ offset: Int64) -> Bool {
    guard let committed = places[partition]?.committed else { return false }
    return offset < committed
  }

  /// Whether all was read that was there when the partition came.
  func isCaughtUp(_ partition: TopicPartition) -> Bool {
    places[partition]?.hasReachedEnd ?? false
  }

  /// - Parameter isOpen: whether it is yet to be delivered.
  mutating func read(_ partition: TopicPartition, _ offset: Int64, isOpen: Bool) {
    guard places[partition] != nil else { return }
    places[partition]?.next = offset + 1
    if isOpen { places[partition]?.open.append(offset) }
  }

  mutating func reachedEnd(_ partition: TopicPartition, at offset: Int64) {
    places[partition]?.hasReachedEnd = true
    places[partition]?.next = offset
  }

  mutating func delivered(_ partition: TopicPartition, _ offset: Int64) {
    guard let index = places[partition]?.open.firstIndex(of: offset) else { return }
    places[partition]?.open.remove(at: index)
  }

  /// What may be committed and is not.
  var commits: [PartitionOffset] {
    places.sorted { $0.key < $1.key }.compactMap { partition, place in
      let offset = place.open.first ?? place.next
      return offset > (place.committed ?? 0) ? PartitionOffset(partition, offset) : nil
    }
  }

  mutating func committed(_ offsets: [PartitionOffset]) {
    for offset in offsets { places[offset.topicPartition]?.committed = offset.offset }
  }
}
