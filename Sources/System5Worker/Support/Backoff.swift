/// Waits that double: 0.1 s up to 10 s.
struct Backoff {
  private static let first: Duration = .milliseconds(100)
  private static let longest: Duration = .seconds(10)
  private var upcoming = Backoff.first

  mutating func next() -> Duration {
    defer { upcoming = min(upcoming * 2, Backoff.longest) }
    return upcoming
  }

  mutating func reset() { upcoming = Backoff.first }
}
