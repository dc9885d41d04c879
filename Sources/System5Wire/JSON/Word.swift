import CSimdjson

/// Strings that events and record lines are made of. The parser tells them apart in passing, which
/// takes a third of the time that comparing each with those it may be would.
enum Word: UInt8, CaseIterable {
  // Attributes of a CloudEvent.
  case specversion = 1
  case id, source, type, time, data

  // Members of an event's data.
  case policy, metadata, toVersion, expectedVersion, usageCount, successCount, failureCount
  case adaptation, anomalyContext, policyChanges, domain, outcome
  case success, performanceImpact, stabilityImpact
  case pattern, triggerConditions, recommendedActions, confidence, minOccurrences
  case fromDomain, toDomain
  case variety, capacity, role, environment, system
  case amplifier, attenuator, inputVariety, outputVariety
  case threshold, direction, above, below, recoveryThreshold, forSeconds

  // Members of a record line.
  case topic, partition, offset, timestamp, key, keyBase64, headers, value, valueBase64, base64

  var text: StaticString {
    switch self {
    case .specversion: "specversion"
    case .id: "id"
    case .source: "source"
    case .type: "type"
    case .time: "time"
    case .data: "data"
    case .policy: "policy"
    case .metadata: "metadata"
    case .toVersion: "to_version"
    case .expectedVersion: "expected_version"
    case .usageCount: "usage_count"
    case .successCount: "success_count"
    case .failureCount: "failure_count"
    case .adaptation: "adaptation"
    case .anomalyContext: "anomaly_context"
    case .policyChanges: "policy_changes"
    case .domain: "domain"
    case .outcome: "outcome"
    case .success: "success"
    case .performanceImpact: "performance_impact"
    case .stabilityImpact: "stability_impact"
    case .pattern: "pattern"
    case .triggerConditions: "trigger_conditions"
    case .recommendedActions: "recommended_actions"
    case .confidence: "confidence"
    case .minOccurrences: "min_occurrences"
    case .fromDomain: "from_domain"
    case .toDomain: "to_domain"
    case .variety: "variety"
    case .capacity: "capacity"
    case .role: "role"
    case .environment: "environment"
    case .system: "system"
    case .amplifier: "amplifier"
    case .attenuator: "attenuator"
    case .inputVariety: "input_variety"
    case .outputVariety: "output_variety"
    case .threshold: "threshold"
    case .direction: "direction"
    case .above: "above"
    case .below: "below"
    case .recoveryThreshold: "recovery_threshold"
    case .forSeconds: "for_seconds"
    case .topic: "topic"
    case .partition: "partition"
    case .offset: "offset"
    case .timestamp: "timestamp"
    case .key: "key"
    case .keyBase64: "key_base64"
    case .headers: "headers"
    case .value: "value"
    case .valueBase64: "value_base64"
    case .base64: "base64"
    }
  }
}

extension Word: CustomStringConvertible {
  var description: String { "\(text)" }
}

/// What the parsers know: words by their number, and the types of events behind them.
enum Vocabulary {
  static let texts = Word.allCases.map(\.text) + EventType.allCases.map(\.name)
  /// Of the first type.
  static let firstType = UInt8(Word.allCases.count + 1)
}

extension s5_json_word {
  init(_ text: StaticString) {
    self.init(start: text.utf8Start, length: text.utf8CodeUnitCount)
  }
}
