import Foundation
import Kafka
import System5Core
import System5Wire

/// Whether records are what the contract says of their topic. Confined to one thread.
final class RecordContract {
  /// What is wrong with a record.
  struct Breach: Equatable {
    let code: String
    let message: String
  }

  private let prefix: String
  private let partitionCounts: [String: Int32]
  private let decoder: EventDecoder

  /// - Parameter partitionCounts: of the topics, by full name.
  init(prefix: String, partitionCounts: [String: Int32], rules: Rules) {
    self.prefix = prefix
    self.partitionCounts = partitionCounts
    decoder = EventDecoder(rules: rules)
  }

  /// The topics whose records it judges, without the prefix.
  static let topics =
    InputTopic.allCases.map(\.suffix) + OutputTopic.allCases.map(\.rawValue) + ["dead-letters"]

  /// Nil for a record as it should be.
  func breach(_ line: RecordLine) -> Breach? {
    let name = String(line.topic.dropFirst(prefix.count))
    if let input = InputTopic.allCases.first(where: { $0.suffix == name }) {
      return event(line, of: input) ?? place(line)
    }
    if let output = OutputTopic(rawValue: name) { return ResultShape.breach(line, of: output) }
    guard LetterOrigin(line.headers) == nil else { return nil }
    return Breach(
      code: "invalid-headers",
      message: "The record lacks the headers of a dead letter, \(LetterOrigin.headerPrefix)….")
  }

  /// Who has sent a record, as far as it says so.
  static func source(of line: RecordLine) -> String? {
    let header = line.headers.last { $0.name.lowercased() == "ce_source" }?.value
    if let header { return String(decoding: header, as: UTF8.self) }
    return line.value.flatMap { JSONFile.parse(Data($0))?.object?["source"]?.text }
  }

  /// As the worker would judge it.
  private func event(_ line: RecordLine, of input: InputTopic) -> Breach? {
    line.withRecord { record in
      do throws(Rejection) {
        switch input {
        case .policy: _ = try decoder.decode(record, as: PolicyEvent.self)
        case .adaptation: _ = try decoder.decode(record, as: AdaptationEvent.self)
        case .variety: _ = try decoder.decode(record, as: VarietyEvent.self)
        }
        return nil
      } catch {
        return Breach(code: error.code.rawValue, message: error.message)
      }
    }
  }

  private func place(_ line: RecordLine) -> Breach? {
    guard let key = line.key, let partition = line.partition,
      let count = partitionCounts[line.topic]
    else { return nil }
    let wanted = key.withUnsafeBytes { Murmur2.partition($0, count: count) }
    if wanted == partition { return nil }
    return Breach(
      code: "misrouted",
      message: "The key belongs in partition \(wanted) by murmur2, and is in \(partition).")
  }
}

/// What every result of a type has, after its schema.
enum ResultShape {
  private static let attributes = ["id", "source", "subject", "time", "causationid"]

  /// The members of `data` that no result lacks.
  static func required(_ output: OutputTopic) -> [String: [String]] {
    switch output {
    case .patterns:
      [
        "system5.pattern.derived": [
          "system", "pattern", "pattern_type", "domain", "revision", "occurrences",
          "avg_effectiveness", "effectiveness_lower", "common_context", "context_ranges",
          "recommended_actions", "first_seen", "last_seen", "evidence",
        ],
        "system5.pattern.transferred": [
          "system", "pattern", "pattern_type", "source_domain", "target_domain", "base_pattern",
          "confidence",
        ],
        "system5.pattern.retired": ["system", "pattern", "reason"],
      ]
    case .alerts:
      [
        "system5.alert.firing": alert, "system5.alert.resolved": alert + ["ends_at"],
      ]
    case .gapAnalyses:
      [
        "system5.gap.analysed": [
          "system", "environmental_variety", "system_variety", "variety_gap", "gap_ratio",
          "coverage_ratio", "requisite_variety_met", "deficit", "environmental_sources",
          "system_sources", "amplifiers", "attenuators",
        ],
        "system5.trends.analysed": [
          "system", "window", "overall_trend", "critical_sources", "trends",
        ],
      ]
    }
  }

  private static let alert = [
    "system", "alert", "kind", "value", "starts_at", "episode", "summary",
  ]

  static func breach(_ line: RecordLine, of output: OutputTopic) -> RecordContract.Breach? {
    // A tombstone takes a pattern away.
    guard let value = line.value else { return nil }
    guard let event = JSONFile.parse(Data(value))?.object else {
      return .init(code: "not-json", message: "The value is not a JSON object.")
    }
    guard event["specversion"]?.text == "1.0",
      attributes.allSatisfy({ event[Text($0)]?.text != nil })
    else {
      return .init(
        code: "not-cloudevent", message: "The value is not a CloudEvent with all its attributes.")
    }
    let known = required(output)
    guard let type = event["type"]?.text, let members = known[type] else {
      return .init(
        code: "unsupported-type",
        message: "The type `\(event["type"]?.text ?? "")` is none of this topic's: "
          + "\(known.keys.sorted().joined(separator: ", ")).")
    }
    let data = event["data"]?.object
    guard let missing = members.first(where: { data?[Text($0)] == nil }) else { return nil }
    return .init(code: "invalid-data", message: "`data` lacks `\(missing)`.")
  }
}
