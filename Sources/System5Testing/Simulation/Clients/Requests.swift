import Kafka

/// What comes of a request that can go wrong on its way.
enum Reply<Value> {
  case answer(Value)
  case refusal(BrokerError)
  /// Nothing has come back in time: what became of it is unknown.
  case nothing
}

/// A request on its way that its sender may have given up.
final class InFlight {
  var isCancelled = false
}

extension SimulatedProcess {
  /// Sends a request to a coordinator and waits for the answer.
  ///
  /// - Parameter inFlight: cancels a late arrival, as the sender's connection is another by then.
  func request<Value>(
    _ name: String, timeout: Duration, inFlight: InFlight = InFlight(),
    _ apply: @escaping () -> Result<Value, BrokerError>
  ) -> Reply<Value> {
    if isDead { return .nothing }
    let end = world.now + timeout
    world.pass(.microseconds(world.below(3_000)))
    while world.broker.coordinatorsAwayUntil > world.now {
      if world.now >= end || isDead { return .nothing }
      world.wait(min(.milliseconds(100), end - world.now))
    }
    if isDead { return .nothing }
    let place = "\(self.name)'s \(name)"
    if world.strikes(.lostRequest, place) { return nothing(until: end) }
    if world.strikes(.lostAnswer, place) {
      _ = apply()
      return nothing(until: end)
    }
    if world.strikes(.delayedRequest, place) { return delayed(until: end, inFlight, apply) }
    if world.strikes(.repeatedRequest, place) { _ = apply() }
    return Reply(apply())
  }

  private func nothing<Value>(until end: Duration) -> Reply<Value> {
    if end > world.now { world.wait(end - world.now) }
    return .nothing
  }

  private func delayed<Value>(
    until end: Duration, _ inFlight: InFlight, _ apply: @escaping () -> Result<Value, BrokerError>
  ) -> Reply<Value> {
    let delay = Duration.milliseconds(1 + world.below(world.chance(500) ? 300 : 9_000))
    var result: Result<Value, BrokerError>?
    world.later(delay) { [world] in
      if inFlight.isCancelled { return }
      world.trace("a late request arrives")
      result = apply()
    }
    while result == nil, world.now < end, !isDead {
      world.wait(min(.milliseconds(50), end - world.now))
    }
    return result.map { Reply($0) } ?? .nothing
  }
}

extension Reply {
  init(_ result: Result<Value, BrokerError>) {
    switch result {
    case .success(let value): self = .answer(value)
    case .failure(let error): self = .refusal(error)
    }
  }
}
