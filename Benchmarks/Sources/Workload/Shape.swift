import System5Core

/// How many systems the events are about, and how many sources, adaptations or policies of each.
public struct Shape: Sendable {
  public let systems: Int
  public let items: Int
  /// How many events are of one millisecond.
  public let eventsPerMillisecond: Int

  public init(systems: Int, items: Int, eventsPerMillisecond: Int = 1) {
    self.systems = systems
    self.items = items
    self.eventsPerMillisecond = eventsPerMillisecond
  }

  /// 1,000 sources or policies, or 2,000 adaptations.
  static func usual(of input: InputTopic) -> Shape {
    Shape(systems: 40, items: input == .adaptation ? 50 : 25)
  }

  public var count: Int { systems * items }
}

/// What an event is about.
struct Entity {
  let system: Int
  let item: Int
  /// How often all entities have come before.
  let round: Int

  var policy: String { "policy-\(item)" }
  var adaptation: String { "adaptation-\(system)-\(item)" }
  var source: String { item == 0 ? "environment" : "probe-\(system)-\(item)" }
}
