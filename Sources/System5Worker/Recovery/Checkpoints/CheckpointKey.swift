/// The key of a record of a checkpoint topic: `{group}/{slot}/{chunk number}` or
/// `{group}/{slot}/manifest`. A record's partition is that of the shard, and so is not named.
package enum CheckpointKey: Hashable, Sendable {
  case chunk(CheckpointSlot, Int64)
  case manifest(CheckpointSlot)

  /// More than any state has: what lies beyond is no chunk of ours, and must not make us clear
  /// everything up to it.
  package static let chunkLimit: Int64 = 1 << 20

  package func bytes(group: String) -> [UInt8] {
    switch self {
    case .chunk(let slot, let number): Array("\(group)/\(slot.rawValue)/\(number)".utf8)
    case .manifest(let slot): Array("\(group)/\(slot.rawValue)/manifest".utf8)
    }
  }

  /// nil for a key of another group, or of no checkpoint. Groups are told apart by their bytes:
  /// Swift holds two spellings of one character to be equal.
  package init?(_ bytes: UnsafeRawBufferPointer, group: String) {
    guard bytes.starts(with: Array("\(group)/".utf8)),
      let (owner, key) = CheckpointKey.read(bytes), owner == group
    else { return nil }
    self = key
  }

  /// Whose it is, and what; nil for the key of no checkpoint. A group's name may hold slashes.
  package static func read(_ bytes: UnsafeRawBufferPointer) -> (group: String, key: CheckpointKey)?
  {
    let parts = String(decoding: bytes, as: UTF8.self)
      .split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count >= 3, let slot = CheckpointSlot(rawValue: String(parts[parts.count - 2])),
      let key = key(String(parts[parts.count - 1]), in: slot)
    else { return nil }
    return (parts.dropLast(2).joined(separator: "/"), key)
  }

  private static func key(_ last: String, in slot: CheckpointSlot) -> CheckpointKey? {
    if last == "manifest" { return .manifest(slot) }
    guard let number = Int64(last), (0..<chunkLimit).contains(number), String(number) == last
    else { return nil }
    return .chunk(slot, number)
  }
}
