import Kafka
import System5Wire

/// Everything there is in one run, and the one source of chance. Confined to the simulation's one
/// thread, with all it holds.
final class SimulatedWorld {
  let options: SimulationOptions
  let settings: WorldSettings
  private var random: SplitMix64
  private var schedule: FaultSchedule
  private(set) var now: Duration = .zero
  private var agenda = Agenda()
  private(set) lazy var broker = ModelBroker(
    world: self,
    topics: SimulatedTopics(prefix: "system5.", partitions: settings.partitions))
  var workers: [SimulatedWorker] = []
  /// How many turns are under way, one within the other.
  private var depth = 0
  private(set) var turns = 0
  private(set) var lines: [String] = []

  init(_ options: SimulationOptions) {
    self.options = options
    var random = SplitMix64(seed: options.seed)
    settings = WorldSettings(options, &random)
    self.random = random
    schedule = FaultSchedule(enabled: options.faults, kept: options.keptFaults)
  }

  // MARK: Chance

  func chance(_ perMille: Int) -> Bool { below(1_000) < perMille }

  /// 0 up to, and without, the limit.
  func below(_ limit: Int) -> Int { Int.random(in: 0..<max(1, limit), using: &random) }

  func strikes(_ fault: Fault, _ place: @autoclosure () -> String) -> Bool {
    guard schedule.strikes(fault, with: &random) else { return false }
    trace("fault \(schedule.occurrences.last?.number ?? 0): \(fault.rawValue), \(place())")
    return true
  }

  var occurrences: [FaultSchedule.Occurrence] { schedule.occurrences }

  func endFaults() {
    trace("no more faults from here on")
    schedule.isOver = true
  }

  var areFaultsOver: Bool { schedule.isOver }

  func trace(_ line: @autoclosure () -> String) {
    guard options.isTraced else { return }
    let milliseconds = now / .milliseconds(1)
    lines.append("\(Int(milliseconds)) ms  " + line())
  }

  // MARK: Time

  func later(_ delay: Duration, _ action: @escaping () -> Void) {
    agenda.add(at: now + delay, action)
  }

  /// Lets time pass, and happen what is due.
  func pass(_ duration: Duration) {
    let end = now + duration
    while let next = agenda.next(until: end) {
      now = max(now, next.time)
      next.action()
    }
    now = max(now, end)
    tick()
  }

  /// Time goes by while every process stands still.
  func jump(_ duration: Duration) {
    now += duration
    if chance(500) { broker.tick() }
    tick()
  }

  func tick() {
    broker.tick()
    for worker in workers { worker.process?.tick() }
  }

  /// Lets time pass for a process that waits; others may move meanwhile.
  func wait(_ duration: Duration) {
    let end = now + duration
    while now < end {
      if depth < 3, chance(300), let worker = someoneElse() {
        turn(worker)
      } else {
        pass(min(end - now, .milliseconds(10 + below(90))))
      }
    }
  }

  // MARK: Turns

  /// Somebody who is not in the middle of a turn.
  func someoneElse() -> SimulatedWorker? {
    let free = workers.filter { $0.canTurn }
    return free.isEmpty ? nil : free[below(free.count)]
  }

  func turn(_ worker: SimulatedWorker) {
    depth += 1
    turns += 1
    worker.turn()
    depth -= 1
  }

  /// Called at each call of a client: what may happen in between happens here.
  func interleave(_ process: SimulatedProcess, at call: String) {
    if chance(80), depth < 3, let worker = someoneElse() {
      for _ in 0...below(3) where worker.canTurn { turn(worker) }
    }
    Mishaps.strike(self, process, at: call)
  }

  /// Lets others move while a process stands still.
  func freeze(_ process: SimulatedProcess, for duration: Duration) {
    process.isFrozen = true
    let end = now + duration
    while now < end {
      if depth < 4, chance(700), let worker = someoneElse() {
        turn(worker)
      } else {
        pass(.milliseconds(50 + below(950)))
      }
    }
    process.isFrozen = false
    // Either the process or its clients' threads are the first to wake.
    if chance(500) { tick() }
  }
}

/// What the seed says about a run.
struct WorldSettings {
  let workers: Int
  let partitions: Int32
  let records: Int
  let systems: Int
  let isCooperative: Bool
  /// Old records go away, where a checkpoint reaches beyond them. Checkpoints are not spoilt then:
  /// nobody could go on without both.
  let hasRetention: Bool
  let isNamed: Bool
  let commitInterval: Duration
  let maxBatch: Int
  let maxStepResults: Int
  let checkpointRecords: Int
  let chunkBytes: Int
  /// A record of a checkpoint at a time, and not each time.
  let hasSlowWrites: Bool
  let transactionTimeout: Duration
  let sessionTimeout: Duration = .seconds(6)
  let maxPollInterval: Duration = .seconds(30)

  init(_ options: SimulationOptions, _ random: inout SplitMix64) {
    func pick(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
    workers = options.workers ?? pick(1...3)
    partitions = Int32(pick(1...3))
    records = options.lines?.count ?? options.records ?? pick(40...120)
    systems = pick(2...5)
    isCooperative = pick(0...1) == 1
    hasRetention = pick(0...1) == 1
    isNamed = pick(0...1) == 1
    commitInterval = .milliseconds([10, 100, 100, 500][pick(0...3)])
    maxBatch = [3, 10, 50][pick(0...2)]
    maxStepResults = [2, 10, 100][pick(0...2)]
    checkpointRecords = [5, 10, 20, 60][pick(0...3)]
    chunkBytes = [100, 400, 2_000, 512 * 1024][pick(0...3)]
    hasSlowWrites = pick(0...1) == 1
    transactionTimeout = .seconds(pick(2...8))
  }
}

/// What is due when, in order; of equal times the first that was added.
private struct Agenda {
  struct Item {
    let time: Duration
    let action: () -> Void
  }

  private var items: [Item] = []

  mutating func add(at time: Duration, _ action: @escaping () -> Void) {
    let index = items.firstIndex { $0.time > time } ?? items.endIndex
    items.insert(Item(time: time, action: action), at: index)
  }

  mutating func next(until end: Duration) -> Item? {
    guard let first = items.first, first.time <= end else { return nil }
    return items.removeFirst()
  }
}
