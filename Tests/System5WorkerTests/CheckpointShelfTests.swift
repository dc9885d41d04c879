import Kafka
import System5Core
import System5Wire
import Testing

@testable import System5Worker

/// What fuzzing found in checkpoint topics that others write to as well.
@Suite struct CheckpointShelfTests {
  private func key(_ text: String, group: String) -> CheckpointKey? {
    Array(text.utf8).withUnsafeBytes { CheckpointKey($0, group: group) }
  }

  @Test func keysThatAreTheirOwn() {
    #expect(key("g/a/manifest", group: "g") == .manifest(.a))
    #expect(key("g/h/b/0", group: "g/h") == .chunk(.b, 0))
    #expect(key("g/b/1048575", group: "g") == .chunk(.b, 1_048_575))
  }

  @Test(arguments: [
    "", "g", "g/a", "a/0", "g/c/0", "g//0", "g/a/", "g/a/00", "g/a/+1", "g/a/-1", "g/a/0/", "h/a/0",
    "g/a/1048576", "g/a/9223372036854775807", "g/a/9223372036854775808", "g/a/0/b/0",
  ])
  func keysOfNoCheckpoint(text: String) {
    #expect(key(text, group: "g") == nil)
  }

  @Test func groupsThatDifferInNormalFormOnly() {
    #expect(key("e\u{301}/a/0", group: "\u{e9}") == nil)
    #expect(key("\u{e9}/a/0", group: "\u{e9}") == .chunk(.a, 0))
  }

  /// It trapped, and one less would have had all numbers below cleared one by one.
  @Test func theGreatestChunkNumber() {
    var shelf = CheckpointShelf(group: "g")
    for number in [Int64.max, Int64.max - 1, 7] {
      Array("g/a/\(number)".utf8).withUnsafeBytes { key in
        [1].withUnsafeBytes { shelf.add(key: key, value: $0) }
      }
    }
    let load = shelf.answer(
      CheckpointRequest(
        number: 1, partition: TopicPartition(topic: "t", partition: 0), input: .policy,
        committed: 5, rules: Rules()))
    #expect(load.shelf.chunkCounts == [.a: 8])
  }
}
