import System5Core
import System5Wire

/// The first line of a checkpoint file: whose checkpoints these are, and which.
struct CheckpointFileHeader: Hashable {
  struct Shard: Hashable {
    let manifest: CheckpointManifest
    let partition: Int32
    /// Of the input topic, when the file was made: keys lie elsewhere among more or fewer.
    let partitionCount: Int32

    var input: InputTopic { manifest.input }
    /// For people: `variety.events, partition 3`.
    var name: String { "\(input.suffix), partition \(partition)" }
  }

  /// The one version that this program reads and writes.
  static let version: Int64 = 1
  static let mark = "system5_checkpoint_file"

  /// Where they come from; for people only.
  let prefix: String
  let group: String
  let cluster: String?
  /// By topic and partition.
  let shards: [Shard]

  /// One line of JSON without a line feed.
  var line: [UInt8] {
    OrderedJSON.object([
      .init(Self.mark, .integer(Self.version)),
      .init("prefix", .string(prefix)), .init("group", .string(group)),
      .init("cluster", cluster.map { .string($0) } ?? .null),
      .init("shards", .list(shards.map(\.json))),
    ]).bytes
  }
}

extension CheckpointFileHeader.Shard {
  fileprivate var json: OrderedJSON {
    .object([
      .init("topic", .string(input.suffix)), .init("partition", .integer(Int64(partition))),
      .init("partitions", .integer(Int64(partitionCount))),
      .init("manifest", manifest.json),
    ])
  }
}

extension CheckpointManifest {
  fileprivate var json: OrderedJSON {
    // What it has written itself it can read.
    (try? JSONParser().value(of: line)).map { .value($0) } ?? .null
  }
}

extension CheckpointFileHeader {
  /// The version that a line claims; nil for what is no header at all.
  static func version(of line: [UInt8]) -> Int64? {
    guard let object = try? JSONParser().value(of: line).object else { return nil }
    return object[Text(mark)]?.integer.map { Int64($0) }
  }

  /// - Throws: one sentence without a subject.
  init(parsing line: [UInt8]) throws(CheckpointFileError) {
    guard let object = try? JSONParser().value(of: line).object,
      let prefix = object["prefix"]?.text, let group = object["group"]?.text,
      let elements = object["shards"]?.elements
    else { throw .badData("its first line is not that of a checkpoint file") }
    self.prefix = prefix
    self.group = group
    cluster = object["cluster"]?.text
    var shards: [Shard] = []
    for element in elements { shards.append(try Shard(element)) }
    self.shards = shards
    let places = Set(shards.map { "\($0.input.rawValue) \($0.partition)" })
    guard places.count == shards.count else {
      throw .badData("it names a partition twice")
    }
  }
}

extension CheckpointFileHeader.Shard {
  fileprivate init(_ value: JSONValue) throws(CheckpointFileError) {
    guard let object = value.object, let topic = object["topic"]?.text,
      let partition = object["partition"]?.integer.flatMap({ Int32(exactly: $0) }),
      let count = object["partitions"]?.integer.flatMap({ Int32(exactly: $0) }),
      let manifest = object["manifest"], (0..<max(0, count)).contains(partition)
    else { throw .badData("its first line has a shard without topic, partition and manifest") }
    do throws(CheckpointError) {
      self.manifest = try CheckpointManifest.parse(Array(manifest.canonicalText.utf8))
    } catch {
      throw CheckpointFileError(error, of: "\(topic), partition \(partition)")
    }
    self.partition = partition
    self.partitionCount = count
    guard input.suffix == topic else {
      throw .badData("its checkpoint of \(topic), partition \(partition) is of \(input.suffix)")
    }
  }
}

/// Why a file is not taken; each a sentence without a subject.
enum CheckpointFileError: Error, Hashable {
  /// Damaged, incomplete or something else.
  case badData(String)
  /// Of a later program.
  case unknownVersion(String)

  init(_ error: CheckpointError, of shard: String) {
    let sentence = "its checkpoint of \(shard) cannot be used: \(error.description)"
    if case .unknownVersion = error {
      self = .unknownVersion(sentence)
    } else {
      self = .badData(sentence)
    }
  }

  func failure(of name: String) -> CommandFailure {
    switch self {
    case .badData(let reason): CommandFailure(.badData, "\(name): \(reason)")
    case .unknownVersion(let reason): CommandFailure(.configuration, "\(name): \(reason)")
    }
  }
}
