import System5Core
import System5Wire
import Testing

@testable import system5

/// A file in memory.
private struct MemorySource: ByteSource {
  let bytes: [UInt8]
  var count: Int64 { Int64(bytes.count) }

  func read(_ range: Range<Int64>) throws(CommandFailure) -> [UInt8] {
    guard range.lowerBound >= 0, range.upperBound <= count else {
      throw CommandFailure(.fault, "read beyond the end")
    }
    return Array(bytes[Int(range.lowerBound)..<Int(range.upperBound)])
  }
}

private func saved(
  _ state: any PartitionState, at position: Int64
) throws -> (manifest: CheckpointManifest, chunks: [[UInt8]]) {
  var encoder = try CheckpointEncoder(state, position: position, chunkBytes: 40)
  var chunks: [[UInt8]] = []
  while let chunk = encoder.nextChunk() { chunks.append(chunk) }
  return (try #require(encoder.manifest), chunks)
}

private func shard(
  _ input: InputTopic, _ partition: Int32 = 1, of count: Int32 = 4, at position: Int64 = 7
) throws -> (CheckpointFileHeader.Shard, [[UInt8]]) {
  let (manifest, chunks) = try saved(input.emptyPartition(rules: Rules()), at: position)
  return (
    CheckpointFileHeader.Shard(manifest: manifest, partition: partition, partitionCount: count),
    chunks
  )
}

private func file(
  _ shards: [(CheckpointFileHeader.Shard, [[UInt8]])], cluster: String? = "c"
) throws -> [UInt8] {
  final class Box { var bytes: [UInt8] = [] }
  let box = Box()
  var writer = CheckpointFileWriter { box.bytes += $0 }
  try writer.write(
    CheckpointFileHeader(prefix: "p.", group: "g", cluster: cluster, shards: shards.map(\.0)))
  for chunk in shards.flatMap(\.1) { try writer.write(raw: CheckpointFileWriter.frame(chunk)) }
  try writer.finish()
  return box.bytes
}

/// Anything with a trailer that is right.
private func sealed(_ bytes: [UInt8]) -> [UInt8] {
  var hash = XXH64()
  hash.update(bytes)
  return bytes + CheckpointFile.trailer(hash.value)
}

private func refusal(_ bytes: [UInt8]) -> CheckpointFileError? {
  do {
    try CheckpointFile(MemorySource(bytes: bytes)).verify(rules: Rules())
    return nil
  } catch {
    // Anything else would be a read beyond the end, or the like.
    return error as? CheckpointFileError ?? .badData("not refused as it should: \(error)")
  }
}

@Suite struct CheckpointFileTests {
  @Test func whatIsWrittenIsReadBack() throws {
    let shards = try [shard(.policy), shard(.adaptation, 0), shard(.variety, 3)]
    let bytes = try file(shards, cluster: nil)
    let read = try CheckpointFile(MemorySource(bytes: bytes))
    try read.verify(rules: Rules())
    #expect(read.header.shards == shards.map(\.0))
    #expect(read.header.group == "g")
    #expect(read.header.prefix == "p.")
    #expect(read.header.cluster == nil)
    for (index, shard) in shards.enumerated() {
      var content = read.content(of: index)
      #expect(content.manifest == nil)
      var chunks: [[UInt8]] = []
      while let chunk = content.nextChunk() { chunks.append(chunk) }
      #expect(chunks == shard.1)
      #expect(content.manifest == shard.0.manifest)
    }
    #expect(try file(shards, cluster: nil) == bytes)
  }

  @Test func everyTruncationIsRefused() throws {
    let bytes = try file([shard(.variety)])
    #expect(refusal(bytes) == nil)
    for count in 0..<bytes.count {
      #expect(refusal(Array(bytes[..<count])) != nil, "\(count) bytes were taken")
    }
    #expect(refusal(bytes + [0]) != nil)
  }

  @Test func everyFlippedBitIsRefused() throws {
    let bytes = try file([shard(.variety)])
    for index in bytes.indices {
      for bit in 0..<8 {
        var other = bytes
        other[index] ^= 1 << bit
        let found = refusal(other)
        #expect(found != nil, "bit \(bit) of byte \(index)")
        if case .badData(let reason) = found {
          #expect(!reason.hasPrefix("not refused as it should"), "\(reason)")
        }
      }
    }
  }

  @Test func whatIsInsideIsCheckedEvenWhereTheChecksumIsRight() throws {
    let (shard, chunks) = try shard(.variety)
    let line = CheckpointFileHeader(prefix: "p.", group: "g", cluster: "c", shards: [shard]).line
    let body = chunks.flatMap(CheckpointFileWriter.frame)
    let feed = UInt8(ascii: "\n")
    #expect(refusal(sealed(line + [feed] + body)) == nil)
    let wrong = CheckpointFileError.badData("its chunks are not those of its first line")
    #expect(refusal(sealed(line + [feed])) == wrong)
    #expect(refusal(sealed(line + [feed] + body + [0])) == wrong)
    #expect(refusal(sealed(line + [feed] + body.dropLast())) == wrong)
    let huge: [UInt8] = [255, 255, 255, 255]
    #expect(refusal(sealed(line + [feed] + huge + body.dropFirst(4))) == wrong)
    var flipped = body
    flipped[20] ^= 1
    guard case .badData(let reason) = refusal(sealed(line + [feed] + flipped)) else {
      Issue.record("a damaged checkpoint was taken")
      return
    }
    #expect(reason.hasPrefix("its checkpoint of variety.events, partition 1 cannot be used: "))
  }

  @Test(arguments: [
    (#""prefix":"p.","#, ""), (#""group":"g""#, #""group":7"#), (#""shards":["#, #""shards":[7,"#),
    (#""partition":1"#, #""partition":4"#), (#""partition":1"#, #""partition":-1"#),
    (#""partitions":4"#, #""partitions":99999999999"#), (#""partition":1,"#, ""),
    (#""topic":"variety.events""#, #""topic":"policy.events""#),
    (#""input":"variety""#, #""input":"other""#), (#""chunks":"#, #""chunks":9"#),
  ])
  func headersThatAreNotRightAreRefused(part: String, other: String) throws {
    let (shard, chunks) = try shard(.variety)
    let header = CheckpointFileHeader(prefix: "p.", group: "g", cluster: "c", shards: [shard])
    let line = String(decoding: header.line, as: UTF8.self)
    let parts = line.split(separator: part, maxSplits: 1, omittingEmptySubsequences: false)
    try #require(parts.count == 2, "\(line)")
    let changed = "\(parts[0])\(other)\(parts[1])\n"
    let bytes = sealed(Array(changed.utf8) + chunks.flatMap(CheckpointFileWriter.frame))
    guard case .badData = refusal(bytes) else {
      Issue.record("taken: \(changed)")
      return
    }
  }

  @Test func noPartitionIsThereTwice() throws {
    let shard = try shard(.variety)
    #expect(refusal(try file([shard, shard])) == .badData("it names a partition twice"))
  }

  @Test func laterVersionsAreAMatterOfConfiguration() throws {
    let later = Array(#"{"system5_checkpoint_file":2,"all":"else"}"#.utf8)
    let found = try #require(refusal(later + [UInt8(ascii: "\n")]))
    #expect(
      found == .unknownVersion("it has file version 2; this program knows version 1"))
    #expect(found.failure(of: "f").code == .configuration)
    let bytes = try file([shard(.variety)])
    let text = #""system5_checkpoint":1"#
    let start = try #require(bytes.firstRange(of: Array(text.utf8)))
    var changed = bytes
    changed[start.upperBound - 1] = UInt8(ascii: "7")
    guard case .unknownVersion(let reason) = refusal(sealed(changed.dropLast(29))) else {
      Issue.record("a checkpoint of a later version was taken")
      return
    }
    #expect(reason.contains("format version 7"))
  }

  @Test(arguments: [
    "", "\n", "{}\n", "[]\n", "no JSON\n", #"{"system5_checkpoint_file":"1"}"# + "\n",
  ])
  func otherFilesAreNone(text: String) {
    #expect(refusal(Array(text.utf8)) == .badData("it is no checkpoint file"))
  }
}
