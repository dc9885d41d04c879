/// The running totals of environment and system variety, and what was last published of them.
struct Balance: Hashable, Sendable {
  var environment = ExactSum()
  var system = ExactSum()
  private var environmentMeasured = false
  private var systemMeasured = false
  /// As last judged; nil before both have been measured.
  var isMet: Bool?
  var published: Published?

  struct Published: Hashable, Sendable {
    let environment: Double
    let system: Double
    let at: Timestamp
  }

  /// Both an environment and a system source have been measured.
  var isComplete: Bool { environmentMeasured && systemMeasured }

  subscript(role: Role) -> ExactSum {
    get { role == .environment ? environment : system }
    set { if role == .environment { environment = newValue } else { system = newValue } }
  }

  mutating func noteMeasured(_ role: Role) {
    switch role {
    case .environment: environmentMeasured = true
    case .system: systemMeasured = true
    }
  }

  /// Whether a total differs from the published one and enough stream time has passed since.
  func isDue(at now: Timestamp, after interval: Timestamp.Span) -> Bool {
    guard let published else { return true }
    return (published.environment != environment.value || published.system != system.value)
      && now.since(published.at) >= interval
  }
}
