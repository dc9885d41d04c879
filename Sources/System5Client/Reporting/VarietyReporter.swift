public import Logging

/// A variety as it was measured.
public struct Variety: Sendable, Hashable {
  /// 0 … 1e100.
  public var variety: Double
  /// As much as it could be; the variety itself where it is not given.
  public var capacity: Double?
  /// Which side of Ashby's law it stands on; see ``VarietyMeasured``.
  public var role: VarietyRole?
  public var metadata: [String: JSON]

  public init(
    _ variety: Double, capacity: Double? = nil, role: VarietyRole? = nil,
    metadata: [String: JSON] = [:]
  ) {
    self.variety = variety
    self.capacity = capacity
    self.role = role
    self.metadata = metadata
  }
}

/// Measures the variety of one source on a schedule, and sends what it measures.
///
/// Measures at once and then at whole multiples of the interval since its start. A measurement that
/// takes longer than the interval is not caught up with: the times it has missed are left out. A
/// measurement or a delivery that fails is logged, and the next one comes at its time.
public struct VarietyReporter<C: Clock>: Sendable where C.Duration == Duration {
  private let sender: any EventSender
  private let system: String
  private let source: String
  private let interval: Duration
  private let clock: C
  private let logger: Logger
  private let measure: @Sendable () async throws -> Variety?

  /// - Parameters:
  ///   - sender: usually an ``EventProducer``.
  ///   - system: the viable system.
  ///   - source: what is measured.
  ///   - interval: more than zero.
  ///   - clock: tells the time to measure.
  ///   - logger: takes what goes wrong.
  ///   - measure: measures; nil where there is nothing to tell this time.
  public init(
    sender: any EventSender, system: String, source: String,
    every interval: Duration = .seconds(30),
    clock: C, logger: Logger = Logger(label: "system5.reporter"),
    measure: @escaping @Sendable () async throws -> Variety?
  ) {
    precondition(interval > .zero, "an interval is longer than nothing")
    self.sender = sender
    self.system = system
    self.source = source
    self.interval = interval
    self.clock = clock
    self.logger = logger
    self.measure = measure
  }

  /// Measures until its task is cancelled.
  public func run() async {
    let start = clock.now
    var turn = 0
    while !Task.isCancelled {
      await report()
      turn = max(turn + 1, turns(since: start))
      do {
        try await clock.sleep(until: start.advanced(by: interval * turn), tolerance: nil)
      } catch {
        return
      }
    }
  }

  /// How many turns until the next that is not in the past.
  private func turns(since start: C.Instant) -> Int {
    Int((start.duration(to: clock.now) / interval).rounded(.up))
  }

  private func report() async {
    do {
      guard let found = try await measure() else { return }
      try await sender.send(
        VarietyMeasured(
          source, variety: found.variety, capacity: found.capacity, role: found.role,
          metadata: found.metadata),
        for: system)
    } catch {
      if Task.isCancelled { return }
      logger.warning(
        "A variety was not reported.", metadata: ["source": "\(source)", "error": "\(error)"])
    }
  }
}

extension VarietyReporter where C == ContinuousClock {
  /// The same by the machine's clock.
  public init(
    sender: any EventSender, system: String, source: String,
    every interval: Duration = .seconds(30),
    logger: Logger = Logger(label: "system5.reporter"),
    measure: @escaping @Sendable () async throws -> Variety?
  ) {
    self.init(
      sender: sender, system: system, source: source, every: interval, clock: ContinuousClock(),
      logger: logger, measure: measure)
  }
}
