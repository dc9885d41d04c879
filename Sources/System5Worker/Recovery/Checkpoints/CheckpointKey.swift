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

  /// nil for a key of another group, or of no checkpoint. A group's name may hold slashes.
  package init?(_ bytes: UnsafeRawBufferPointer, group: String) {
    let parts = String(decoding: bytes, as: UTF8.self)
      .split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count >= 3, let slot = CheckpointSlot(rawValue: String(parts[parts.count - 2])),
      parts.dropLast(2).joined(separator: "/") == group
    else { return nil }
    let last = String(parts[parts.count - 1])
    if last == "manifest" {
      self = .manifest(slot)
    } else if let number = Int64(last), number >= 0, String(number) == last {
      self = .chunk(slot, number)
    } else {
      return nil
    }
  }
}
