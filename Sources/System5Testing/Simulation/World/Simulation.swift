import Kafka
import System5Core
import System5Wire
import System5Worker

/// One run: a world out of a seed, faults for a while, peace until everything is done, and then the
/// audit. The same options always give the same run.
public struct Simulation {
  /// How many turns and how much time the world has to get everything done once there are no more
  /// faults.
  private static let turnsInPeace = 6_000
  private static let timeInPeace: Duration = .seconds(300)

  public let options: SimulationOptions

  public init(_ options: SimulationOptions) { self.options = options }

  public struct Outcome: Sendable {
    /// What is wrong; empty if nothing is.
    public let failures: [String]
    /// The numbers of the faults that struck, in order.
    public let faults: [Int]
    public let trace: [String]
    public let turns: Int
  }

  public func run() -> Outcome {
    let world = SimulatedWorld(options)
    let feed = Feed(world: world, seed: options.seed)
    world.workers = (0..<world.settings.workers).map { SimulatedWorker(world: world, number: $0) }
    chaos(world, feed)
    world.endFaults()
    let isDrained = peace(world, feed)
    var failures = world.workers.flatMap(\.failures)
    if isDrained {
      failures += Audit(world).failures()
    } else if failures.isEmpty {
      failures.append("It did not come to an end: " + Drain.state(of: world))
    }
    for failure in failures { world.trace("FAILURE: \(failure)") }
    for worker in world.workers { worker.process?.letGo() }
    return Outcome(
      failures: failures, faults: world.occurrences.map(\.number), trace: world.lines,
      turns: world.turns)
  }

  private func chaos(_ world: SimulatedWorld, _ feed: Feed) {
    let extra = 20 + world.below(200)
    var left = extra
    while left > 0, world.turns < 20_000, world.workers.allSatisfy(\.failures.isEmpty) {
      step(world, feed)
      if feed.isDone { left -= 1 }
    }
  }

  private func step(_ world: SimulatedWorld, _ feed: Feed) {
    feed.step()
    Housekeeping.step(world)
    if let worker = world.someoneElse() {
      world.turn(worker)
    } else {
      world.pass(.milliseconds(50))
    }
  }

  /// Returns whether everything is done.
  private func peace(_ world: SimulatedWorld, _ feed: Feed) -> Bool {
    let end = world.now + Simulation.timeInPeace
    for count in 0..<Simulation.turnsInPeace where world.now < end {
      step(world, feed)
      if !world.workers.allSatisfy(\.failures.isEmpty) { return false }
      if count % 10 == 9, feed.isDone, Drain.isDone(world) { return true }
    }
    return false
  }
}

/// Whether everything that was to be done is done.
enum Drain {
  static func isDone(_ world: SimulatedWorld) -> Bool {
    world.broker.transactions.isSettled
      && world.broker.inputPartitions.allSatisfy { partition in
        let log = world.broker.log(partition)
        guard log.lastStable == log.end else { return false }
        return (world.broker.group.committed(partition) ?? 0) == log.end
          && owners(of: partition, in: world).count == 1
      }
  }

  static func owners(
    of partition: TopicPartition, in world: SimulatedWorld
  ) -> [(state: any PartitionState, position: Int64)] {
    world.workers.compactMap { $0.process?.pipeline }.flatMap(\.committedShards)
      .filter { $0.partition == partition }
      .map { (MistakeMemory.unwrapped($0.state), $0.position) }
  }

  static func state(of world: SimulatedWorld) -> String {
    world.broker.inputPartitions.map { partition in
      let committed = world.broker.group.committed(partition).map(String.init) ?? "-"
      let log = world.broker.log(partition)
      return "\(partition) \(committed)/\(log.lastStable)/\(log.end), "
        + "\(owners(of: partition, in: world).count) owners"
    }.joined(separator: "; ")
  }
}
