import System5Testing

/// Changes an input in a few ways that suit its target.
public enum Mutator {
  /// - Parameter other: an input of the same target to take pieces from.
  public static func mutate(
    _ input: FuzzInput, with other: FuzzInput, using random: inout SplitMix64
  ) -> FuzzInput {
    var input = input
    // Little is borne before an input is refused, so half of them are changed once only.
    let most = random.chance(2) ? 1 : 4
    for _ in 0...random.below(most) { input.payload = once(input, other, &random) }
    return input
  }

  private static func once(
    _ input: FuzzInput, _ other: FuzzInput, _ random: inout SplitMix64
  ) -> [UInt8] {
    switch input.target {
    case .records:
      var sequence = RecordSequence(bytes: input.payload)
      RecordMutation.mutate(
        &sequence, with: RecordSequence(bytes: other.payload), using: &random)
      return sequence.bytes
    case .checkpoints:
      var content = CheckpointContent(bytes: input.payload)
      let other = CheckpointContent(bytes: other.payload)
      FrameMutation.mutate(&content.content, with: other.content, using: &random)
      return content.bytes
    case .shelves: return shelf(input.payload, other.payload, &random)
    case .lines, .json, .manifests:
      var bytes = input.payload
      ByteMutation.mutate(&bytes, with: other.payload, using: &random)
      return bytes
    }
  }

  private static func shelf(
    _ payload: [UInt8], _ other: [UInt8], _ random: inout SplitMix64
  ) -> [UInt8] {
    var shelf = ShelfRecords(bytes: payload)
    let count = shelf.records.count
    guard count > 0 else { return other }
    let at = random.below(count)
    switch random.below(6) {
    case 0: shelf.records.remove(at: at)
    case 1: shelf.records.insert(shelf.records[at], at: random.below(count))
    case 2: shelf.records.swapAt(at, random.below(count))
    case 3: shelf.records[at].value = random.chance(2) ? nil : []
    case 4 where random.chance(2): mutate(&shelf.records[at].key, &random)
    case 4: shelf.records[at].key = random.pick(keys)
    default: mutate(&shelf.records[at].value, &random)
    }
    return shelf.bytes
  }

  private static let keys: [[UInt8]] = [
    "gr\u{e9}/1/a/9223372036854775807", "gr\u{e9}/1/b/9223372036854775808", "gr\u{e9}/1/a/00",
    "gr\u{e9}/1/a/+1", "gr\u{e9}/1/b/-1", "gr\u{e9}/1/b/1048576", "gr\u{e9}/1/a/99",
    "gre\u{301}/1/a/0", "gre\u{301}/1/b/manifest", "gr\u{e9}/1/c/manifest", "gr\u{e9}/1/a/",
    "gr\u{e9}/1//manifest", "/a/manifest", "a/0", "gr\u{e9}//1/a/manifest",
  ].map { Array($0.utf8) }

  private static func mutate(_ bytes: inout [UInt8]?, _ random: inout SplitMix64) {
    var changed = bytes ?? []
    ByteMutation.mutate(&changed, with: [], using: &random)
    bytes = changed
  }
}
