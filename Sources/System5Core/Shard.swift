import HashTreeCollections

/// One partition of one input topic with its store: a pure state machine.
///
/// Its state and its results are a function of the events applied since it was empty, and of the
/// rules. It reads no clock, draws no random number and does no I/O, and nothing it yields follows
/// the iteration order of a hashed collection. Replay, recovery, verification and the tests all
/// rest on this one property.
///
/// A copy is a snapshot: it shares structure, and stays as it was. ``snapshot`` is one that costs
/// next to nothing to go on from.
public struct Shard<Store: EventStore>: Sendable {
  public typealias Payload = Store.System.Payload

  public private(set) var store: Store
  package private(set) var window: RedeliveryWindow

  public init(rules: Rules) {
    self.store = Store(rules: rules)
    self.window = RedeliveryWindow(capacity: rules.redeliveryWindow)
  }

  /// Brings back the store of a checkpoint; what was delivered follows by ``remember(_:)``.
  package init(restoring store: Store) {
    self.init(rules: store.rules)
    self.store = store
  }

  /// Brings back one event of a checkpoint's redelivery window, in its order.
  ///
  /// - Returns: false if the window contains it already; then nothing has changed.
  package mutating func remember(_ key: RedeliveryWindow.Key) -> Bool {
    guard let absent = window.find(key) else { return false }
    window.insert(absent)
    return true
  }

  /// The shard as it stands, to be kept while this one changes.
  package var snapshot: Shard {
    var copy = self
    copy.window = window.snapshot
    return copy
  }

  /// What became of an event.
  public enum Verdict: Hashable, Sendable {
    case applied
    /// Seen before within the redelivery window: nothing changed.
    case duplicate
    /// Not applied; the record is a dead letter. Periodic results may still have followed, as a
    /// refused event moves stream time.
    case refused(Refusal)
  }

  /// Applies one event and appends what follows from it to `outputs`, in the contract's order.
  ///
  /// Only an applied event enters the redelivery window: a refused one is judged anew when it comes
  /// again, so that a dead letter can be put back on its topic.
  ///
  /// Made for each store, as generic code that looks up what it works on took half of its time.
  @_specialize(exported:true,where Store == PolicyStore)
  @_specialize(exported:true,where Store == AdaptationStore)
  @_specialize(exported:true,where Store == VarietyMetricsStore)
  public mutating func apply(
    _ event: Event<Payload>, deriving outputs: inout [OutputEvent]
  ) -> Verdict {
    let key = RedeliveryWindow.Key(source: event.source, id: event.id)
    guard let absent = window.find(key) else { return .duplicate }
    if let refusal = futureDated(event) { return .refused(refusal) }
    do throws(Refusal) {
      let context = Context(system: event.system, rules: store.rules)
      try store.systems.modify(event.system, default: Store.System()) {
        (system) throws(Refusal) in
        try system.receive(event.payload, at: event.time, in: context, deriving: &outputs)
      }
    } catch {
      return .refused(error)
    }
    window.insert(absent)
    return .applied
  }

  /// A wrong clock must not move stream time, so this is judged before the system sees the event.
  private func futureDated(_ event: Event<Payload>) -> Refusal? {
    guard let recordTime = event.recordTime,
      event.time > recordTime.advanced(by: store.rules.futureTolerance)
    else { return nil }
    let tolerance = ShortestNumber.text(of: store.rules.futureTolerance.seconds)
    return Refusal(
      .futureDated,
      "The event's time is \(ShortestNumber.text(of: event.time.since(recordTime).seconds)) s "
        + "after its record's timestamp; at most \(tolerance) s are allowed.")
  }
}

extension SystemState {
  /// One event in order: stream time, then what is periodic, then the event itself.
  mutating func receive(
    _ payload: Payload, at time: Timestamp, in context: Context,
    deriving outputs: inout [OutputEvent]
  ) throws(Refusal) {
    if let earlier = streamTime {
      if time > earlier {
        streamTime = time
        cross(from: earlier, to: time, in: context, deriving: &outputs)
      } else if let retention = Self.retention(context.rules),
        time < earlier.advanced(by: -retention)
      {
        throw Refusal(
          .expired,
          "The event's time is \(ShortestNumber.text(of: earlier.since(time).seconds)) s before "
            + "the system's stream time; the store keeps "
            + "\(ShortestNumber.text(of: retention.seconds)) s.")
      }
    } else {
      streamTime = time
    }
    try apply(payload, at: time, in: context, deriving: &outputs)
  }
}

extension EventStore {
  /// Applies what an event would ask for, without Kafka and without a redelivery window.
  ///
  /// - Returns: what follows from it, in the contract's order.
  /// - Throws: why it was refused; then nothing but stream time has changed.
  @discardableResult
  public mutating func apply(
    _ payload: System.Payload, to system: Text, at time: Timestamp
  ) throws(Refusal) -> [OutputEvent] {
    var outputs: [OutputEvent] = []
    let context = Context(system: system, rules: rules)
    try systems.modify(system, default: System()) { (state) throws(Refusal) in
      try state.receive(payload, at: time, in: context, deriving: &outputs)
    }
    return outputs
  }
}
