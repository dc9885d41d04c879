import System5Core
import System5Wire

/// What happens to every event, and to the state of a partition as a whole.
func eventStages<Store: EventStore>(
  _: Store.Type
) -> [Stage] where Store.System.Payload: WirePayload {
  pathStages(Store.self) + (Store.input == .policy ? [] : [encodeStage(Store.self)])
    + stateStages(Store.self)
    + EventKind.all.filter { $0.input == Store.input }.map { kindStage(Store.self, $0) }
}

private func pathStages<Store: EventStore>(
  _: Store.Type
) -> [Stage] where Store.System.Payload: WirePayload {
  let input = Store.input
  return [
    Stage(input, "decode") { count in
      let path = EventPath<Store>(Workload(input, count: count))
      return Pass(count) { path.decode() }
    },
    Stage(input, "apply") { count in
      let path = EventPath<Store>(Workload(input, count: count))
      let events = path.decoded()
      return Pass(count) {
        var shard = path.shard
        path.apply(events, to: &shard)
      }
    },
    Stage(input, "process") { count in
      let path = EventPath<Store>(Workload(input, count: count))
      return Pass(count) {
        var partition = path.partition
        path.process(into: &partition)
      }
    },
    // Every event a second time: found in the window, and nothing else is done.
    Stage(input, "dedupe") { count in
      var rules = Rules()
      rules.redeliveryWindow = count
      let path = EventPath<Store>(Workload(input, count: count), rules: rules)
      let events = path.decoded()
      var shard = path.shard
      path.apply(events, to: &shard)
      return Pass(count) { path.apply(events, to: &shard) }
    },
  ]
}

/// Per result, of which there are far fewer than records, and none of policies.
private func encodeStage<Store: EventStore>(
  _: Store.Type
) -> Stage where Store.System.Payload: WirePayload {
  Stage(Store.input, "encode") { count in
    let path = EventPath<Store>(Workload(Store.input, count: count))
    var shard = path.shard
    var outputs: [OutputEvent] = []
    for event in path.decoded() { _ = path.apply(event, to: &shard, &outputs) }
    return Pass(outputs.count) {
      var results: [ResultRecord] = []
      let position = Position(topicName: "system5.events", partition: 0, offset: 1)
      ResultEncoder.append(outputs, from: position, cause: "a-cause", to: &results)
    }
  }
}

private func stateStages<Store: EventStore>(
  _: Store.Type
) -> [Stage] where Store.System.Payload: WirePayload {
  let input = Store.input
  return [
    // A snapshot and the event after it, which copies what it changes.
    Stage(input, "snapshot") { count in
      var text = EventText(input)
      let filling = EventPath<Store>(Workload(&text, count: count))
      var filled = filling.partition
      filling.process(into: &filled)
      let next = EventPath<Store>(Workload(&text, count: 1000))
      return Pass(1000) {
        var partition = filled
        next.process(into: &partition, snapshotEvery: 1)
      }
    },
    // Per record that the state has seen.
    Stage(input, "checkpoint-write") { count in
      let path = EventPath<Store>(Workload(input, count: count))
      var partition = path.partition
      path.process(into: &partition)
      return Pass(count) { _ = Checkpoint(of: partition) }
    },
    Stage(input, "checkpoint-load") { count in
      let path = EventPath<Store>(Workload(input, count: count))
      var partition = path.partition
      path.process(into: &partition)
      let checkpoint = Checkpoint(of: partition)
      return Pass(count) { _ = checkpoint.load() }
    },
  ]
}

/// Applying events of one kind to a shard where all that they are about is there.
private func kindStage<Store: EventStore>(
  _: Store.Type, _ kind: EventKind
) -> Stage where Store.System.Payload: WirePayload {
  Stage(kind.input, kind.name, count: 20_000) { count in
    var text = EventText(kind.input)
    let filling = EventPath<Store>(Workload(&text, count: text.shape.count))
    var filled = filling.shard
    filling.apply(filling.decoded(), to: &filled)
    text.kind = kind
    let path = EventPath<Store>(Workload(&text, count: count))
    let events = path.decoded()
    var trial = filled
    for event in events {
      var outputs: [OutputEvent] = []
      let verdict = path.apply(event, to: &trial, &outputs)
      precondition(verdict == .applied, "\(kind.name) is refused")
    }
    return Pass(count) {
      var shard = filled
      path.apply(events, to: &shard)
    }
  }
}
