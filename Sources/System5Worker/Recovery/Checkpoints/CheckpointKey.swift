/// The key of a record of a checkpoint topic: `{group}/{position}/{chunk number}` or
/// `{group}/{position}/manifest`. A record's partition is that of the shard, and so is not named.
///
/// The position keeps writers apart: whoever writes at the same one writes the same bytes, and a
/// process that was suspended and goes on in the middle of a write can tear nobody else's.
package enum CheckpointKey: Hashable, Sendable {
  case chunk(at: Int64, Int64)
  case manifest(at: Int64)

  /// More than any state has: what lies beyond is no chunk of ours, and must not make us clear
  /// everything up to it.
  package static let chunkLimit: Int64 = 1 << 20

  package func bytes(group: String) -> [UInt8] {
    switch self {
    case .chunk(let position, let number): Array("\(group)/\(position)/\(number)".utf8)
    case .manifest(let position): Array("\(group)/\(position)/manifest".utf8)
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
      .split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard parts.count >= 3, let position = number(parts[parts.count - 2], below: .max),
      let key = key(parts[parts.count - 1], at: position)
    else { return nil }
    return (parts.dropLast(2).joined(separator: "/"), key)
  }

  private static func key(_ last: String, at position: Int64) -> CheckpointKey? {
    if last == "manifest" { return .manifest(at: position) }
    return number(last, below: chunkLimit).map { .chunk(at: position, $0) }
  }

  /// Written in one way only, or two keys would stand for the same.
  private static func number(_ text: String, below limit: Int64) -> Int64? {
    guard let number = Int64(text), (0..<limit).contains(number), String(number) == text
    else { return nil }
    return number
  }
}
