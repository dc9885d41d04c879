import System5Core
import System5Testing
import Testing

/// Held to a window that is a plain list.
@Suite struct RedeliveryWindowTests {
  private static let capacity = 40
  private var shard: Shard<PolicyStore>
  private var list: [[Text]] = []
  private var random = SplitMix64(seed: 7)

  init() {
    var rules = Rules()
    rules.redeliveryWindow = Self.capacity
    shard = Shard(rules: rules)
  }

  @Test mutating func aWindowThatIsChangedRemembersTheLastEvents() {
    for _ in 0..<5_000 { send() }
    #expect(list.count == Self.capacity && shard.window.count == Self.capacity)
    expectOrder()
  }

  @Test mutating func snapshotsStayAsTheyWereAndCanBeGoneOnFrom() {
    var (kept, keptList) = (shard.snapshot, list)
    for round in 0..<2_000 {
      switch round % 100 {
      case 0: (kept, keptList) = (shard.snapshot, list)
      case 50: (shard, list) = (kept, keptList)
      default: send()
      }
    }
    expectOrder()
    (shard, list) = (kept, keptList)
    expectOrder()
  }

  /// One of a hundred events, so that about two in five are in the window. Ids of one source are
  /// beginnings of another's, and longer than what a string holds in itself.
  private mutating func send() {
    let number = Int.random(in: 0..<100, using: &random)
    let source: Text = number % 2 == 0 ? "/a" : "/a/rather-long-source"
    let id = Text("\(number % 2 == 0 ? "/rather-long-source" : "")\(number / 2)")
    let event = Event(
      system: "acme", time: Timestamp(seconds: 1), recordTime: nil,
      payload: PolicyEvent.stored(policy: "p", data: [:], metadata: [:]))
    var outputs: [OutputEvent] = []
    let isKnown = list.contains([source, id])
    let verdict = shard.apply(event, source: source, id: id, deriving: &outputs)
    #expect(verdict == (isKnown ? .duplicate : .applied))
    if !isKnown { list = (list + [[source, id]]).suffix(Self.capacity) }
  }

  private func expectOrder() {
    let keys = (0..<shard.window.count).map { shard.window[$0] }
    #expect(keys.map { [$0.source, $0.id] } == list)
  }
}
