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
    let (source, id) = (key.source.string.utf8, key.id.string.utf8)
    guard let absent = window.find(source: source.span.bytes, id: id.span.bytes) else {
      return false
    }
    window.insert(absent, source: source.span.bytes, id: id.span.bytes)
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
  /// - Parameters:
  ///   - time: event time.
  ///   - recordTime: the record's own timestamp; nil where the broker keeps none.
  ///   - source: the CloudEvents `source`, in UTF-8.
  ///   - id: the CloudEvents `id`, in UTF-8; both together tell an event from all others.
  ///
  /// Made for each store, as generic code that looks up what it works on took half of its time.
  @_specialize(exported:true,where Store == PolicyStore)
  @_specialize(exported:true,where Store == AdaptationStore)
  @_specialize(exported:true,where Store == VarietyMetricsStore)
  public mutating func apply(
    _ payload: Payload, to system: Text, at time: Timestamp, recordTime: Timestamp?,
    source: RawSpan, id: RawSpan, deriving outputs: inout [OutputEvent]
  ) -> Verdict {
    guard let absent = window.find(source: source, id: id) else { return .duplicate }
    if let refusal = futureDated(time, recordTime) { return .refused(refusal) }
    do throws(Refusal) {
      let context = Context(system: system, rules: store.rules)
      try store.systems.modify(system, default: Store.System()) { (state) throws(Refusal) in
        try state.receive(payload, at: time, in: context, deriving: &outputs)
      }
    } catch {
      return .refused(error)
    }
    window.insert(absent, source: source, id: id)
    return .applied
  }

  /// The same for an event as a whole.
  public mutating func apply(
    _ event: Event<Payload>, source: Text, id: Text, deriving outputs: inout [OutputEvent]
  ) -> Verdict {
    let (source, id) = (source.string.utf8, id.string.utf8)
    return apply(
      event.payload, to: event.system, at: event.time, recordTime: event.recordTime,
      source: source.span.bytes, id: id.span.bytes, deriving: &outputs)
  }

  /// A wrong clock must not move stream time, so this is judged before the system sees the event.
  private func futureDated(_ time: Timestamp, _ recordTime: Timestamp?) -> Refusal? {
    guard let recordTime, time > recordTime.advanced(by: store.rules.futureTolerance)
    else { return nil }
    let tolerance = ShortestNumber.text(of: store.rules.futureTolerance.seconds)
    return Refusal(
      .futureDated,
      "The event's time is \(ShortestNumber.text(of: time.since(recordTime).seconds)) s "
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
