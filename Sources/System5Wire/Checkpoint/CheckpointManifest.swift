import System5Core

/// What a checkpoint is, apart from its content: written last, and what operators see of it.
public struct CheckpointManifest: Hashable, Sendable {
  /// ``CheckpointFormat/version`` of the content.
  public let version: Int64
  public let input: InputTopic
  /// The next offset to apply to the state.
  public let position: Int64
  /// How many chunks the content is cut into.
  public let chunkCount: Int64
  /// How many bytes they hold.
  public let byteCount: Int64
  /// XXH64 of the content, however it is cut.
  public let hash: UInt64
  /// How many viable systems the store knows.
  public let systems: Int64
  /// How much it keeps of them: policies; adaptations and patterns; measurements.
  public let records: Int64
  /// A digest of the rules that the state grew under.
  let rules: UInt64

  /// Whether the state grew under these rules; under others no log leads to what it goes on to be.
  public func wasMade(under rules: Rules) -> Bool {
    self.rules == RulesDigest.digest(of: rules, for: input)
  }

  /// The same, of other content.
  package func replacingHash(_ hash: UInt64) -> CheckpointManifest {
    CheckpointManifest(
      version: version, input: input, position: position, chunkCount: chunkCount,
      byteCount: byteCount, hash: hash, systems: systems, records: records, rules: rules)
  }
}

extension CheckpointManifest {
  /// One line of JSON without a line feed, the same for equal manifests.
  public var line: [UInt8] {
    OrderedJSON.object([
      .init(Member.version, .integer(version)),
      .init(Member.input, .string(input.rawValue)),
      .init(Member.position, .integer(position)),
      .init(Member.chunks, .integer(chunkCount)),
      .init(Member.bytes, .integer(byteCount)),
      .init(Member.hash, .string(hash.hexadecimal)),
      .init(Member.systems, .integer(systems)),
      .init(Member.records, .integer(records)),
      .init(Member.rules, .string(rules.hexadecimal)),
    ]).bytes
  }

  enum Member {
    static let version = "system5_checkpoint"
    static let input = "input"
    static let position = "position"
    static let chunks = "chunks"
    static let bytes = "bytes"
    static let hash = "xxh64"
    static let systems = "systems"
    static let records = "records"
    static let rules = "rules"
  }

  /// Reads a manifest's line. Members it does not know do not matter.
  ///
  /// - Throws: ``CheckpointError/notAManifest(_:)``, or ``CheckpointError/unknownVersion(_:)`` for
  ///   that of another program, whose other members may be anything.
  public static func parse(_ line: [UInt8]) throws(CheckpointError) -> CheckpointManifest {
    let members = try ManifestReader(line)
    let version = try members.integer(Member.version)
    guard version == CheckpointFormat.version else { throw .unknownVersion(version) }
    return CheckpointManifest(
      version: version, input: try members.input(), position: try members.count(Member.position),
      chunkCount: try members.count(Member.chunks), byteCount: try members.count(Member.bytes),
      hash: try members.hash(Member.hash), systems: try members.count(Member.systems),
      records: try members.count(Member.records), rules: try members.hash(Member.rules))
  }
}

/// The members of a manifest's object, each strictly what it must be.
private struct ManifestReader {
  private let object: JSONObject

  init(_ line: [UInt8]) throws(CheckpointError) {
    let value: JSONValue
    do throws(JSONError) {
      value = try JSONParser().value(of: line)
    } catch {
      throw .notAManifest("it is not JSON: \(error.description).")
    }
    guard case .object(let object) = value else {
      throw .notAManifest("it is not a JSON object.")
    }
    self.object = object
  }

  /// Exactly as it is written; a manifest has no use for `1e3`.
  func integer(_ name: String) throws(CheckpointError) -> Int64 {
    guard case .number(let number) = try value(name), let integer = Int64(number.text.string)
    else { throw wrong(name, "an integer") }
    return integer
  }

  func count(_ name: String) throws(CheckpointError) -> Int64 {
    let count = try integer(name)
    guard count >= 0 else { throw wrong(name, "0 or more") }
    return count
  }

  func input() throws(CheckpointError) -> InputTopic {
    let name = CheckpointManifest.Member.input
    guard let input = InputTopic(rawValue: try string(name)) else {
      throw wrong(name, "one of policy, adaptation and variety")
    }
    return input
  }

  func hash(_ name: String) throws(CheckpointError) -> UInt64 {
    guard let hash = UInt64(hexadecimal: try string(name)) else {
      throw wrong(name, "16 hexadecimal digits")
    }
    return hash
  }

  private func string(_ name: String) throws(CheckpointError) -> String {
    guard case .string(let text) = try value(name) else { throw wrong(name, "a string") }
    return text.string
  }

  private func value(_ name: String) throws(CheckpointError) -> JSONValue {
    guard let value = object[Text(name)] else {
      throw .notAManifest("the member `\(name)` is missing.")
    }
    return value
  }

  private func wrong(_ name: String, _ expected: String) -> CheckpointError {
    .notAManifest("the member `\(name)` is not \(expected).")
  }
}
