import System5Core

/// Reads an event's `data`. Contract, section 3, and the readings in `topics/README.md`.
struct ReferenceData {
  var value: ReferenceValue
  var rules: Rules

  func has(_ name: ReferenceWord) -> Bool { value[name] != nil }

  func id(_ name: ReferenceWord) throws(ReferenceRefusal) -> ReferenceWord {
    guard let word = value[name]?.word, word.isID else { throw .invalidData }
    return word
  }

  func domain() throws(ReferenceRefusal) -> ReferenceWord {
    has("domain") ? try id("domain") : "general"
  }

  func words(_ name: ReferenceWord) throws(ReferenceRefusal) -> [ReferenceWord] {
    guard let elements = value[name]?.elements else { throw .invalidData }
    let words = elements.compactMap(\.word)
    guard words.count == elements.count else { throw .invalidData }
    return words
  }

  func flag(_ name: ReferenceWord) throws(ReferenceRefusal) -> Bool {
    guard case .bool(let flag) = value[name] else { throw .invalidData }
    return flag
  }

  func choice(
    _ name: ReferenceWord, of choices: [ReferenceWord]
  ) throws(ReferenceRefusal) -> ReferenceWord? {
    guard has(name) else { return nil }
    guard let word = value[name]?.word, choices.contains(word) else { throw .invalidData }
    return word
  }

  func number(
    _ name: ReferenceWord, in range: ClosedRange<Double> = -1e100...1e100,
    default standard: Double? = nil
  ) throws(ReferenceRefusal) -> Double {
    if let standard, !has(name) { return standard }
    guard let number = value[name]?.double, range.contains(number) else { throw .invalidData }
    return number
  }

  func count(
    _ name: ReferenceWord, from least: Double, default standard: Int? = nil
  ) throws(ReferenceRefusal) -> Int {
    if let standard, !has(name) { return standard }
    let number = try number(name, in: least...9_007_199_254_740_991)
    guard number == number.rounded() else { throw .invalidData }
    return Int(number)
  }

  func optionalCount(_ name: ReferenceWord) throws(ReferenceRefusal) -> Int? {
    has(name) ? try count(name, from: 1) : nil
  }

  /// Free-form JSON.
  func object(
    _ name: ReferenceWord
  ) throws(ReferenceRefusal) -> [ReferenceWord: ReferenceValue] {
    guard let object = value[name], let members = object.members, !object.overflows else {
      throw .invalidData
    }
    guard object.canonical.utf8.count <= rules.limits.freeFormBytes else {
      throw ReferenceRefusal("limit-exceeded")
    }
    return members
  }

  func optionalObject(
    _ name: ReferenceWord
  ) throws(ReferenceRefusal) -> [ReferenceWord: ReferenceValue] {
    has(name) ? try object(name) : [:]
  }
}
