import Kafka
import System5Core
import System5Wire
import System5Worker

/// A checkpoint of a shard, or that it has none, as `checkpoint list` shows it. Pure.
struct CheckpointEntry {
  enum State: String {
    /// A worker would go on from it.
    case used
    /// It would if the newer ones were not there.
    case spare
    /// It stands for more than the group has committed: a worker would stop.
    case ahead
    case otherRules = "other-rules"
    /// Of a later program: a worker would stop.
    case unknownVersion = "unknown-version"
    case broken, unfinished
    /// The shard has no checkpoint.
    case none
  }

  let partition: TopicPartition
  let group: String
  let committed: Int64?
  /// nil: there is none.
  let place: CheckpointPlace?
  let state: State

  /// The entries of a shard, by position; one if it has no checkpoint.
  static func entries(
    of partition: TopicPartition, group: String, committed: Int64?, _ places: [CheckpointPlace],
    rules: Rules
  ) -> [CheckpointEntry] {
    if places.isEmpty {
      return [
        CheckpointEntry(
          partition: partition, group: group, committed: committed, place: nil, state: .none)
      ]
    }
    var states = places.map { state(of: $0, committed: committed, rules: rules) }
    if let newest = states.lastIndex(of: .spare) { states[newest] = .used }
    return zip(places, states).map {
      CheckpointEntry(
        partition: partition, group: group, committed: committed, place: $0, state: $1)
    }
  }

  private static func state(
    of place: CheckpointPlace, committed: Int64?, rules: Rules
  ) -> State {
    switch place.condition {
    case .unfinished: return .unfinished
    case .faulty(.unknownVersion): return .unknownVersion
    case .faulty, .intact: break
    }
    switch place.manifest?.rejection(committed: committed, rules: rules) {
    case .ahead: return .ahead
    case .otherRules: return .otherRules
    case .unknownVersion: return .unknownVersion
    case .broken: return .broken
    case nil: return place.intact == nil ? .broken : .spare
    }
  }
}

extension CheckpointEntry {
  /// The first line of the table.
  static let heading = line(
    "PARTITION", "GROUP", "STATE", "POSITION", "COMMITTED", "VERSION", "BYTES", "CHUNKS",
    "SYSTEMS", "RECORDS", "XXH64", "AGE", "REASON")

  /// One line for people.
  ///
  /// - Parameter now: milliseconds since 1970.
  func tableLine(now: Int64) -> String {
    let manifest = place?.manifest
    func shown(_ number: Int64?) -> String { number.map { "\($0)" } ?? "-" }
    return Self.line(
      "\(partition.topic)-\(partition.partition)", group, state.rawValue,
      shown(place?.position), shown(committed), shown(version), shown(manifest?.byteCount),
      shown(manifest?.chunkCount), shown(manifest?.systems), shown(manifest?.records),
      manifest?.hash.hexadecimal ?? "-", age(at: now), reason ?? ""
    ).printable
  }

  private static func line(_ columns: String...) -> String {
    let widths = [30, 12, 15, 10, 10, 7, 10, 6, 7, 8, 16, 5, 0]
    let padded = zip(columns, widths).map { $0.padded($1) }
    return padded.joined(separator: "  ").trimmedEnd
  }

  /// One object for programs.
  var json: OrderedJSON {
    let manifest = place?.manifest
    func number(_ value: Int64?) -> OrderedJSON { value.map { .integer($0) } ?? .null }
    return .object([
      .init("topic", .string(partition.topic)),
      .init("partition", .integer(Int64(partition.partition))),
      .init("group", .string(group)),
      .init("state", .string(state.rawValue)), .init("intact", .bool(place?.condition == .intact)),
      .init("position", number(place?.position)), .init("committed", number(committed)),
      .init("version", number(version)), .init("bytes", number(manifest?.byteCount)),
      .init("chunks", number(manifest?.chunkCount)),
      .init("systems", number(manifest?.systems)), .init("records", number(manifest?.records)),
      .init("xxh64", manifest.map { .string($0.hash.hexadecimal) } ?? .null),
      .init(
        "written_at",
        place?.writtenAt.map { .time(Timestamp(milliseconds: $0)) } ?? .null),
      .init("reason", reason.map { .string($0) } ?? .null),
    ])
  }

  private var version: Int64? {
    if case .faulty(.unknownVersion(let version)) = place?.condition { return version }
    return place?.manifest?.version
  }

  /// Why a worker would not take it; nil where it would, or there is nothing.
  private var reason: String? {
    switch (state, place?.condition) {
    case (_, .faulty(let error)): error.description
    case (.ahead, _): "It stands for more than the group has committed: a worker stops."
    case (.otherRules, _): "It was made under other rules than those in force here."
    case (.unfinished, _): "It has no manifest: it is being written, or was given up."
    default: nil
    }
  }

  private func age(at now: Int64) -> String {
    guard let writtenAt = place?.writtenAt else { return "-" }
    let seconds = max(0, now - writtenAt) / 1000
    return switch seconds {
    case ..<120: "\(seconds)s"
    case ..<7_200: "\(seconds / 60)m"
    case ..<172_800: "\(seconds / 3_600)h"
    default: "\(seconds / 86_400)d"
    }
  }
}

extension String {
  fileprivate var trimmedEnd: String {
    var text = self
    while text.last == " " { text.removeLast() }
    return text
  }
}
