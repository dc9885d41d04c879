import Kafka
import System5Core
import System5Wire
import System5Worker

/// What lies in a checkpoint partition, whoever wrote it.
final class ShelfCheck {
  /// Not ASCII, for names are compared as bytes.
  static let group = "gr\u{e9}/1"
  static let committed: Int64 = 1000

  func check(_ records: ShelfRecords) throws(FuzzFailure) -> String {
    var shelf = CheckpointShelf(group: ShelfCheck.group)
    for record in records.records {
      lend(record.key) { key in lend(record.value) { shelf.add(key: key, value: $0) } }
      try checkKey(record.key)
    }
    let load = shelf.answer(
      CheckpointRequest(
        number: 1, partition: TopicPartition(topic: "t", partition: 0), input: .policy,
        committed: ShelfCheck.committed, rules: BaseStates.rules))
    switch load.outcome {
    case .found(let found):
      try expect(found.position <= ShelfCheck.committed, "a state of later than was committed")
      return "+\(load.rejections.count)\(load.shelf.newest ?? -1)"
    case .none: return "!" + load.rejections.map { "\($0)".shape }.joined()
    case .failed(let error): throw FuzzFailure("a shelf failed: \(error)")
    }
  }

  /// Two keys must not stand for the same place, or one would hide the other.
  private func checkKey(_ bytes: [UInt8]?) throws(FuzzFailure) {
    guard let bytes else { return }
    let key = bytes.withUnsafeBytes { CheckpointKey($0, group: ShelfCheck.group) }
    try expect(
      key == nil || key?.bytes(group: ShelfCheck.group) == bytes, "a key that is read as another")
  }

  private func lend(_ bytes: [UInt8]?, _ body: (UnsafeRawBufferPointer?) -> Void) {
    guard let bytes else { return body(nil) }
    bytes.withUnsafeBytes { body($0) }
  }
}
