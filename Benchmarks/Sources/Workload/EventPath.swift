import System5Core
import System5Wire

/// The steps of the event path over a workload.
public struct EventPath<Store: EventStore>: Sendable
where Store.System.Payload: WirePayload {
  public typealias Events = [Event<Store.System.Payload>]

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
      if let event = try? decoder.decode(record, as: Store.System.Payload.self) {
        events.append(event)
      }
    }
    return events
  }

  public func apply(_ events: Events, to shard: inout Shard<Store>) {
    var outputs: [OutputEvent] = []
    for event in events {
      _ = shard.apply(event, deriving: &outputs)
      outputs.removeAll(keepingCapacity: true)
    }
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
