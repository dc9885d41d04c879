/// The hash by which Kafka's Java client chooses a partition for a key.
public enum Murmur2 {
  /// The partition of `key` among `count` partitions, as the Java client's default partitioner and
  /// librdkafka's `partitioner=murmur2` have it. `count` must be positive.
  public static func partition(_ key: UnsafeRawBufferPointer, count: Int32) -> Int32 {
    precondition(count > 0, "a topic has at least one partition")
    return (hash(key) & 0x7fff_ffff) % count
  }

  /// The 32-bit hash, as the Java client computes it.
  public static func hash(_ key: UnsafeRawBufferPointer) -> Int32 {
    let multiplier: UInt32 = 0x5bd1_e995
    var hash: UInt32 = 0x9747_b28c ^ UInt32(truncatingIfNeeded: key.count)
    let wordCount = key.count / 4
    for word in 0..<wordCount {
      let loaded = key.loadUnaligned(fromByteOffset: word * 4, as: UInt32.self)
      var mixed = UInt32(littleEndian: loaded) &* multiplier
      mixed ^= mixed >> 24
      hash = (hash &* multiplier) ^ (mixed &* multiplier)
    }
    let rest = wordCount * 4
    if rest < key.count {
      for index in rest..<key.count { hash ^= UInt32(key[index]) << UInt32(8 * (index - rest)) }
      hash = hash &* multiplier
    }
    hash ^= hash >> 13
    hash = hash &* multiplier
    hash ^= hash >> 15
    return Int32(bitPattern: hash)
  }
}
