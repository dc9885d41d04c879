import System5Core
import System5Wire

/// The steps of the event path over a workload.
public struct EventPath<Store: EventStore>: Sendable
where Store.System.Payload: WirePayload {
  public typealias Events = [Prepared]

  /// An event, and the bytes that tell it from others.
  public struct Prepared: Sendable {
    let event: Event<Store.System.Payload>
    let source: [UInt8]
    let id: [UInt8]
  }

  public let workload: Workload
  private let rules: Rules

  public init(_ workload: Workload, rules: Rules = Rules()) {
    self.workload = workload
    self.rules = rules
  }

  /// An empty shard and an empty partition.
  public var shard: Shard<Store> { Shard(rules: rules) }
  public var partition: Partition<Store> { Partition(rules: rules) }

  public func decoded() -> Events {
    let decoder = EventDecoder(rules: rules)
    var events: Events = []
    events.reserveCapacity(workload.count)
    workload.eachRecord { record, _ in
      guard let head = try? decoder.head(of: record, for: Store.input),
        let event = try? decoder.decode(record, as: Store.System.Payload.self)
      else { return }
      events.append(Prepared(event: event, source: Array(head.source), id: Array(head.id)))
    }
    return events
  }

  /// What it makes of the records is let go of at once.
  public func decode() {
    let decoder = EventDecoder(rules: rules)
    workload.eachRecord { record, _ in
      _ = try? decoder.decode(record, as: Store.System.Payload.self)
    }
  }

  public func apply(_ events: Events, to shard: inout Shard<Store>) {
    var outputs: [OutputEvent] = []
    for index in events.indices {
      _ = apply(events[index], to: &shard, &outputs)
      outputs.removeAll(keepingCapacity: true)
    }
  }

  @inline(__always)
  func apply(
    _ prepared: borrowing Prepared, to shard: inout Shard<Store>, _ outputs: inout [OutputEvent]
  ) -> Shard<Store>.Verdict {
    shard.apply(
      prepared.event.payload, to: prepared.event.system, at: prepared.event.time,
      recordTime: prepared.event.recordTime, source: prepared.source.span.bytes,
      id: prepared.id.span.bytes, deriving: &outputs)
  }

  /// Decodes, applies and encodes, with a snapshot now and then, as the worker's commits make them.
  ///
  /// - Parameter interval: nil: no snapshots.
  public func process(
    into partition: inout Partition<Store>, snapshotEvery interval: Int64? = 50_000
  ) {
    let decoder = EventDecoder(rules: rules)
    var snapshot: Partition<Store>?
    var results: [ResultRecord] = []
    workload.eachRecord { record, number in
      let position = Position(topicName: "system5.events", partition: 0, offset: number)
      _ = partition.process(record, at: position, decoder: decoder, into: &results)
      results.removeAll(keepingCapacity: true)
      if let interval, number % interval == 0 { snapshot = partition.snapshot }
    }
    withExtendedLifetime(snapshot) {}
  }
}
