/// Names as Prometheus takes them. What it would not take is replaced, not refused: a name out of a
/// library must not cost its metric.
enum Naming {
  static func metric(_ label: String) -> String {
    valid(label) { $0 == ":" }
  }

  /// Names that begin with two underscores are Prometheus's own.
  static func label(_ name: String) -> String {
    let valid = valid(name) { _ in false }
    return valid.hasPrefix("__") ? "_" + valid.drop { $0 == "_" } : valid
  }

  private static func valid(_ name: String, allowing: (Unicode.Scalar) -> Bool) -> String {
    var result = ""
    for scalar in name.unicodeScalars {
      if result.isEmpty, isDigit(scalar) { result.append("_") }
      let isValid = isLetter(scalar) || isDigit(scalar) || scalar == "_" || allowing(scalar)
      result.unicodeScalars.append(isValid ? scalar : "_")
    }
    return result.isEmpty ? "_" : result
  }

  private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
    ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
  }

  private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }
}

extension String {
  func droppingSuffix(_ suffix: String) -> String {
    hasSuffix(suffix) && count > suffix.count ? String(dropLast(suffix.count)) : self
  }
}
