extension Duration {
  /// Whole milliseconds, rounded towards zero.
  package var milliseconds: Int {
    let (seconds, attoseconds) = components
    return Int(clamping: seconds) * 1_000 + Int(attoseconds / 1_000_000_000_000_000)
  }
}
