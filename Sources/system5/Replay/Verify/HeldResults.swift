import System5Core
import System5Wire

/// A result as its topic holds it, or should.
struct HeldResult: Hashable {
  let topic: String
  let partition: Int32
  let key: [UInt8]?
  let value: [UInt8]?
  let headers: [RawHeader]

  /// What is different, for people; nil where nothing is.
  func difference(to other: HeldResult) -> String? {
    if self == other { return nil }
    if topic != other.topic || partition != other.partition {
      return "in \(other.topic)-\(other.partition), not in \(topic)-\(partition)"
    }
    if key != other.key { return "key \(Self.text(other.key)), not \(Self.text(key))" }
    if value != other.value { return "value \(Self.text(other.value)), not \(Self.text(value))" }
    return "other headers"
  }

  private static let excerpt = 600

  private static func text(_ bytes: [UInt8]?) -> String {
    guard let bytes else { return "null" }
    let text = String(decoding: bytes.prefix(excerpt), as: UTF8.self)
    return bytes.count > excerpt ? text + "…" : text
  }
}

/// What the result topics hold of one shard, each result once.
struct HeldResults {
  private(set) var byID: [ResultID: HeldResult] = [:]
  /// How many records came again with the same bytes.
  private(set) var repeated = 0
  /// The results that came again with other bytes.
  private(set) var contradictions: [VerifyDifference] = []

  mutating func add(_ result: HeldResult, as id: ResultID) {
    guard let earlier = byID[id] else {
      byID[id] = result
      return
    }
    guard let difference = earlier.difference(to: result) else {
      repeated += 1
      return
    }
    contradictions.append(
      VerifyDifference(
        cause: id.cause, topic: result.topic, kind: .contradicting,
        detail: "published again with another content: \(difference)"))
  }

  mutating func take(_ id: ResultID) -> HeldResult? { byID.removeValue(forKey: id) }
}
