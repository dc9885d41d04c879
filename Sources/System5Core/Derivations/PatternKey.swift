/// A group of adaptations by domain and signature, and with it the pattern that the group may be:
/// the pattern's id in 16 bytes.
///
/// Every adaptation carries one, so that judging it again needs no look at its context. Keys are in
/// the order of the ids' bytes.
public struct PatternKey: Hashable, Comparable, Sendable {
  /// The pattern's id.
  public var text: Text { Text(hexadecimal: bits) }

  package let bits: UInt128

  /// The key of a checkpoint's adaptation.
  package init(bits: UInt128) { self.bits = bits }

  /// nil for what is no pattern's id.
  init?(_ id: Text) {
    guard id.byteCount == 32, let bits = UInt128(id.string, radix: 16) else { return nil }
    self.bits = bits
  }

  init(domain: Text, signature: Text) {
    self.bits = Fingerprint.bits(of: ["pattern", domain, signature])
  }

  init(of description: AdaptationDescription) {
    let signature = PatternSignature(of: description.context)
    self.init(domain: description.domain, signature: signature.text)
  }

  init(of pattern: DerivedPattern) {
    let names = pattern.contextRanges.map(\.name)
    let signature = PatternSignature(categorical: pattern.commonContext, numeric: names)
    self.init(domain: pattern.domain, signature: signature.text)
  }

  public func hash(into hasher: inout Hasher) { hasher.combine(bits) }

  /// What tables ask for. An id is well mixed already; the seed keeps it from being chosen so that
  /// many collide.
  public func _rawHashValue(seed: Int) -> Int {
    let seed = ByteHash.seed ^ UInt64(truncatingIfNeeded: seed)
    let (high, low) = (UInt64(truncatingIfNeeded: bits) ^ seed)
      .multipliedFullWidth(by: UInt64(truncatingIfNeeded: bits >> 64) ^ ~seed)
    return Int(truncatingIfNeeded: high ^ low)
  }

  public static func < (lhs: PatternKey, rhs: PatternKey) -> Bool { lhs.bits < rhs.bits }
}

/// What the contexts of one pattern have in common: the categorical attributes with their values,
/// and which attributes are numeric.
struct PatternSignature: Hashable, Sendable {
  let categorical: JSONObject
  /// Sorted.
  let numeric: [Text]

  init(categorical: JSONObject, numeric: [Text]) {
    self.categorical = categorical
    self.numeric = numeric
  }

  init(of context: JSONObject) {
    self.init(
      categorical: JSONObject(context.members.filter { !$0.value.isNumber }),
      numeric: context.members.filter(\.value.isNumber).map(\.name))
  }

  /// The same for equal signatures only: one JSON object of both.
  var text: Text {
    let both: JSONObject = [
      "categorical": .object(categorical),
      "numeric": .array(numeric.map(JSONValue.string)),
    ]
    return Text(both.canonicalText)
  }
}

extension JSONValue {
  /// Whether there is a ``measure``.
  var isNumber: Bool {
    guard case .number = self else { return false }
    return true
  }

  /// The value of a numeric attribute, held to ± ``Rules/largestNumber`` so that no sum or range
  /// overflows; nil for a categorical one.
  var measure: Double? {
    guard case .number(let number) = self else { return nil }
    return min(Rules.largestNumber, max(-Rules.largestNumber, number.double))
  }
}
