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
    #expect(key("g/0/manifest", group: "g") == .manifest(at: 0))
    #expect(key("g/h/17/0", group: "g/h") == .chunk(at: 17, 0))
    #expect(key("g/5/1048575", group: "g") == .chunk(at: 5, 1_048_575))
  }

  @Test(arguments: [
    "", "g", "g/3", "3/0", "g/a/0", "g//0", "g/3/", "g/3/00", "g/3/+1", "g/3/-1", "g/3/0/", "h/3/0",
    "g/03/0", "g/-3/0", "g/+3/0", "g/9223372036854775808/0", "g/9223372036854775807/0",
    "g/3/1048576", "g/3/9223372036854775807", "g/3/9223372036854775808", "g/3/0/4/0",
  ])
  func keysOfNoCheckpoint(text: String) {
    #expect(key(text, group: "g") == nil)
  }

  @Test func groupsThatDifferInNormalFormOnly() {
    #expect(key("e\u{301}/4/0", group: "\u{e9}") == nil)
    #expect(key("\u{e9}/4/0", group: "\u{e9}") == .chunk(at: 4, 0))
  }

  /// It trapped, and one less would have had all numbers below cleared one by one.
  @Test func theGreatestChunkNumber() {
    var shelf = CheckpointShelf(group: "g")
    for number in [Int64.max, Int64.max - 1, 7] {
      Array("g/4/\(number)".utf8).withUnsafeBytes { key in
        [1].withUnsafeBytes { shelf.add(key: key, value: $0) }
      }
    }
    let load = shelf.answer(
      CheckpointRequest(
        number: 1, partition: TopicPartition(topic: "t", partition: 0), input: .policy,
        committed: 5, rules: Rules()))
    #expect(load.shelf.chunkCounts == [4: 8])
  }
}
