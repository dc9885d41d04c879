import System5Core
import System5Wire
import System5Worker

/// A checkpoint file that is whole: its checksum is right, and its chunks are where its header
/// says. `File.md` says what it looks like. Chunks are read when they are needed.
struct CheckpointFile {
  let header: CheckpointFileHeader
  private let source: any ByteSource
  /// Where the chunks of each shard begin.
  private let starts: [Int64]

  private static let trailerStart = Array(#"{"xxh64":""#.utf8)
  private static let trailerEnd = Array("\"}\n".utf8)
  private static let trailerCount = Int64(trailerStart.count + 16 + trailerEnd.count)
  private static let longestHeader: Int64 = 64 << 20
  /// Chunks are records of Kafka's, which take no more.
  private static let longestChunk: UInt32 = 1 << 30

  static func trailer(_ hash: UInt64) -> [UInt8] {
    trailerStart + Array(hash.hexadecimal.utf8) + trailerEnd
  }

  /// - Throws: ``CheckpointFileError``, or what the source throws.
  init(_ source: any ByteSource) throws {
    self.source = source
    let line = try Self.firstLine(of: source)
    guard let version = CheckpointFileHeader.version(of: line) else {
      throw CheckpointFileError.badData("it is no checkpoint file")
    }
    // Before the checksum, which a later version may have elsewhere.
    guard version == CheckpointFileHeader.version else {
      throw CheckpointFileError.unknownVersion(
        "it has file version \(version); this program knows version "
          + "\(CheckpointFileHeader.version)")
    }
    let end = try Self.checkHash(of: source)
    header = try CheckpointFileHeader(parsing: line)
    starts = try Self.starts(
      of: header, in: source, from: Int64(line.count) + 1, to: end)
  }

  /// The chunks of a shard, one at a time.
  func content(of index: Int) -> FileContent {
    FileContent(source, from: starts[index], header.shards[index].manifest)
  }

  /// Decodes every checkpoint, so that none is found wanting when others are written already.
  func verify(rules: Rules) throws {
    for (index, shard) in header.shards.enumerated() {
      var content = content(of: index)
      do throws(CheckpointError) {
        var decoder = try CheckpointDecoder(shard.manifest, input: shard.input)
        while let chunk = content.nextChunk() { try decoder.add(chunk) }
        _ = try decoder.finish(rules: rules)
      } catch {
        throw CheckpointFileError(error, of: shard.name)
      }
    }
  }

  private static func firstLine(of source: any ByteSource) throws -> [UInt8] {
    var line: [UInt8] = []
    let size: Int64 = 1 << 16
    while Int64(line.count) < min(source.count, longestHeader) {
      let start = Int64(line.count)
      let block = try source.read(start..<min(start + size, source.count))
      if let end = block.firstIndex(of: UInt8(ascii: "\n")) { return line + block[..<end] }
      line += block
    }
    throw CheckpointFileError.badData("it is no checkpoint file")
  }

  /// - Returns: where the trailer begins.
  private static func checkHash(of source: any ByteSource) throws -> Int64 {
    let end = source.count - trailerCount
    guard end > 0 else { throw CheckpointFileError.badData("it is incomplete") }
    let trailer = try source.read(end..<source.count)
    var hash = XXH64()
    try source.eachBlock(of: 0..<end) { hash.update($0) }
    guard trailer == Self.trailer(hash.value) else {
      throw CheckpointFileError.badData(
        "it is damaged or incomplete: its end does not hold the checksum of what is before it")
    }
    return end
  }

  private static func starts(
    of header: CheckpointFileHeader, in source: any ByteSource, from first: Int64, to end: Int64
  ) throws -> [Int64] {
    var at = first
    var starts: [Int64] = []
    for shard in header.shards {
      starts.append(at)
      var left = shard.manifest.chunkCount
      while left > 0 {
        guard let length = try length(at: at, in: source, to: end) else {
          throw CheckpointFileError.badData("its chunks are not those of its first line")
        }
        at += 4 + Int64(length)
        left -= 1
      }
    }
    guard at == end else {
      throw CheckpointFileError.badData("its chunks are not those of its first line")
    }
    return starts
  }

  /// The length of the chunk at a place; nil if it is not within the file.
  fileprivate static func length(
    at place: Int64, in source: any ByteSource, to end: Int64
  ) throws(CommandFailure) -> UInt32? {
    guard end - place >= 4 else { return nil }
    let length = try source.read(place..<place + 4).reversed()
      .reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    return length <= longestChunk && Int64(length) <= end - place - 4 ? length : nil
  }
}

/// The chunks of one shard in a file, as what is written to Kafka.
struct FileContent: CheckpointContent {
  private let source: any ByteSource
  private let expected: CheckpointManifest
  private var at: Int64
  private var count: Int64 = 0

  fileprivate init(
    _ source: any ByteSource, from start: Int64, _ manifest: CheckpointManifest
  ) {
    self.source = source
    at = start
    expected = manifest
  }

  /// nil also where the file cannot be read any more.
  mutating func nextChunk() -> [UInt8]? {
    guard count < expected.chunkCount,
      let length = try? CheckpointFile.length(at: at, in: source, to: source.count),
      let chunk = try? source.read(at + 4..<at + 4 + Int64(length))
    else { return nil }
    at += 4 + Int64(length)
    count += 1
    return chunk
  }

  var manifest: CheckpointManifest? { count == expected.chunkCount ? expected : nil }
}
