import System5Core
import System5Wire
import Workload

/// Partitions full of entities, filled by events as they would come.
struct Entities<Store: EventStore> where Store.System.Payload: WirePayload {
  /// So few that what they take up says nothing in a measurement of memory.
  private static var batch: Int { 2_000 }

  private var text: EventText
  private let rules: Rules
  private(set) var partition: Partition<Store>

  /// - Parameter rounds: how often all entities come in turn, before they come by chance.
  init(shape: Shape, rounds: Int = 1, redeliveryWindow: Int? = nil) {
    var rules = Rules()
    rules.redeliveryWindow = redeliveryWindow ?? rules.redeliveryWindow
    self.rules = rules
    self.text = EventText(Store.input, shape: shape, rounds: rounds)
    self.partition = Partition(rules: rules)
  }

  /// Processes the next events, which are not all in memory at a time.
  ///
  /// - Parameter kind: nil: as they come.
  mutating func add(_ count: Int, of kind: String? = nil) {
    text.kind = EventKind.all.first { $0.input == Store.input && $0.name == kind }
    var rest = count
    while rest > 0 {
      let path = next(min(rest, Entities.batch))
      path.process(into: &partition, snapshotEvery: nil)
      rest -= path.workload.count
    }
  }

  mutating func next(_ count: Int) -> EventPath<Store> {
    EventPath<Store>(Workload(&text, count: count), rules: rules)
  }

  /// Processes events that are in memory already.
  mutating func process(_ path: EventPath<Store>, snapshotEvery interval: Int64? = 50_000) {
    path.process(into: &partition, snapshotEvery: interval)
  }
}
