/// The key of a record of a checkpoint topic: `{group}/{slot}/{chunk number}` or
/// `{group}/{slot}/manifest`. A record's partition is that of the shard, and so is not named.
package enum CheckpointKey: Hashable, Sendable {
  case chunk(CheckpointSlot, Int64)
  case manifest(CheckpointSlot)

  package func bytes(group: String) -> [UInt8] {
    switch self {
    case .chunk(let slot, let number): Array("\(group)/\(slot.rawValue)/\(number)".utf8)
    case .manifest(let slot): Array("\(group)/\(slot.rawValue)/manifest".utf8)
    }
  }

  /// No checkpoint has as many chunks: at half a megabyte each they are 512 GiB. What comes before
  /// the next checkpoint of a place clears all of them, so a number must not be taken on trust.
  package static let chunkLimit: Int64 = 1 << 20

  /// nil for a key of another group, or of no checkpoint. Groups are told apart by their bytes, and
  /// their names may hold slashes.
  package init?(_ bytes: UnsafeRawBufferPointer, group: String) {
    let prefix = Array("\(group)/".utf8)
    guard bytes.starts(with: prefix) else { return nil }
    let parts = String(decoding: bytes.dropFirst(prefix.count), as: UTF8.self)
      .split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let slot = CheckpointSlot(rawValue: String(parts[0])) else {
      return nil
    }
    let last = String(parts[1])
    if last == "manifest" {
      self = .manifest(slot)
    } else if let number = Int64(last), number >= 0, number < CheckpointKey.chunkLimit,
      String(number) == last
    {
      self = .chunk(slot, number)
    } else {
      return nil
    }
  }
}
