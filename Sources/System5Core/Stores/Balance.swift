/// The running totals of environment and system variety, and what was last published of them.
package struct Balance: Hashable, Sendable {
  package var environment = ExactSum()
  package var system = ExactSum()
  package private(set) var environmentMeasured = false
  package private(set) var systemMeasured = false
  /// As last judged; nil before both have been measured.
  package var isMet: Bool?
  package var published: Published?

  package struct Published: Hashable, Sendable {
    package let environment: Double
    package let system: Double
    package let at: Timestamp

    package init(environment: Double, system: Double, at: Timestamp) {
      self.environment = environment
      self.system = system
      self.at = at
    }
  }

  init() {}

  /// A balance as it was, for a checkpoint to bring back.
  package init(
    environment: ExactSum, system: ExactSum, environmentMeasured: Bool, systemMeasured: Bool,
    isMet: Bool?, published: Published?
  ) {
    self.environment = environment
    self.system = system
    self.environmentMeasured = environmentMeasured
    self.systemMeasured = systemMeasured
    self.isMet = isMet
    self.published = published
  }

  /// Both an environment and a system source have been measured.
  var isComplete: Bool { environmentMeasured && systemMeasured }

  mutating func add(_ variety: Double, _ role: Role) {
    switch role {
    case .environment: environment.add(variety)
    case .system: system.add(variety)
    }
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
