import Kafka
import Testing

@Suite struct Murmur2Tests {
  /// The vectors of the Java client's own test, and "abc".
  @Test(arguments: [
    ("21", -973_932_308), ("foobar", -790_332_482),
    ("a-little-bit-long-string", -985_981_536),
    ("a-little-bit-longer-string", -1_486_304_829),
    ("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58_897_971), ("abc", 479_470_107),
  ])
  func hashesAsTheJavaClient(key: String, expected: Int) {
    let hash = Array(key.utf8).withUnsafeBytes { Murmur2.hash($0) }
    #expect(hash == Int32(expected))
  }

  @Test func choosesAPartitionOfANegativeHashByMasking() {
    let partition = Array("21".utf8).withUnsafeBytes { Murmur2.partition($0, count: 1_000) }
    #expect(partition == (Int32(-973_932_308) & 0x7fff_ffff) % 1_000)
    #expect(partition == 340)
  }

  @Test func hashesNoBytes() {
    let empty: [UInt8] = []
    #expect(empty.withUnsafeBytes { Murmur2.partition($0, count: 1) } == 0)
    #expect(empty.withUnsafeBytes { Murmur2.hash($0) } == 275_646_681)
  }
}
