import System5Core
import System5Wire

/// The stages of the event path over a workload, each from an empty shard.
public struct EventPath<Store: EventStore>: Sendable
where Store.System.Payload: WirePayload {
  public typealias Events = [Event<Store.System.Payload>]

  public let workload: Workload

  public init(_ workload: Workload) { self.workload = workload }

  public func decoded() -> Events {
    let decoder = EventDecoder(rules: Rules())
    var events: Events = []
    events.reserveCapacity(workload.count)
    workload.eachRecord { record, _ in
      if let event = try? decoder.decode(record, as: Store.System.Payload.self) {
        events.append(event)
      }
    }
    return events
  }

  public func apply(_ events: Events) {
    var shard = Shard<Store>(rules: Rules())
    var outputs: [OutputEvent] = []
    for event in events {
      _ = shard.apply(event, deriving: &outputs)
      outputs.removeAll(keepingCapacity: true)
    }
  }

  /// Decodes, applies and encodes, with a snapshot now and then, as the worker's commits make them.
  public func process(snapshotEvery interval: Int64 = 50_000) {
    let decoder = EventDecoder(rules: Rules())
    var state = workload.input.emptyPartition(rules: Rules())
    var snapshot = state
    var results: [ResultRecord] = []
    workload.eachRecord { record, offset in
      let position = Position(topicName: "system5.events", partition: 0, offset: offset)
      _ = state.process(record, at: position, decoder: decoder, into: &results)
      results.removeAll(keepingCapacity: true)
      if offset % interval == 0 { snapshot = state.snapshot }
    }
    _ = snapshot
  }
}
