/// Numbers as readers of metrics take them.
enum NumberText {
  /// A value: whole numbers without a fraction, all others in shortest form.
  static func value(_ number: Double) -> String {
    if let special = special(number) { return special }
    let whole = Int64(exactly: number)
    return whole.map { $0.magnitude < 1 << 53 ? "\($0)" : "\(number)" } ?? "\(number)"
  }

  /// A bucket's bound, which is part of a series' identity: the same in both formats.
  static func bound(_ number: Double) -> String { special(number) ?? "\(number)" }

  private static func special(_ number: Double) -> String? {
    if number.isNaN { return "NaN" }
    return number.isInfinite ? (number < 0 ? "-Inf" : "+Inf") : nil
  }
}
