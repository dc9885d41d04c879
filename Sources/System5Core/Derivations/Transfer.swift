import HashTreeCollections

/// Offering what worked in one domain to another.
extension SystemAdaptations {
  /// Publishes one transferred pattern for each published pattern of a domain, in order of id.
  mutating func transfer(
    from source: Text, to target: Text, at time: Timestamp, in context: Context,
    deriving outputs: inout [OutputEvent]
  ) {
    let bases = published.filter { $0.value.domain == source }.sorted { $0.key < $1.key }
    for base in bases {
      let pattern = TransferredPattern(of: base.value, to: target)
      transferred[pattern.pattern] = pattern
      outputs.append(
        OutputEvent(system: context.system, time: time, payload: .patternTransferred(pattern)))
    }
  }
}

extension TransferredPattern {
  /// The same id for the same base and target.
  init(of base: DerivedPattern, to target: Text) {
    self.init(
      pattern: Fingerprint.id(of: "transfer", base.pattern, target), sourceDomain: base.domain,
      targetDomain: target, basePattern: base, confidence: 0.8 * base.averageEffectiveness)
  }
}
