import System5Worker

/// A place where processes run, one after another.
final class SimulatedWorker {
  unowned let world: SimulatedWorld
  private let number: Int
  private var lives = 0
  private(set) var process: SimulatedProcess?
  private var startsAt: Duration
  /// The exits that no process should have made.
  private(set) var failures: [String] = []

  init(world: SimulatedWorld, number: Int) {
    self.world = world
    self.number = number
    startsAt = .milliseconds(world.below(3_000) * number)
  }

  var canTurn: Bool {
    guard let process else { return startsAt <= world.now }
    return !process.isTurning && !process.isFrozen
  }

  func turn() {
    guard let process else { return start() }
    process.turn()
    // Whoever is dead has stopped in the middle of something.
    if !process.isDead { failures += BoardAudit.failures(process) }
    if process.hasEnded { bury(process) }
  }

  private func start() {
    lives += 1
    let name = "worker \(number), life \(lives)"
    world.trace("\(name) starts")
    process = SimulatedProcess(
      world: world, name: name,
      instance: world.settings.isNamed ? "w\(number)" : "w\(number)x\(lives)")
  }

  private func bury(_ process: SimulatedProcess) {
    self.process = nil
    startsAt = world.now + .milliseconds(world.below(world.chance(300) ? 12_000 : 500))
    guard !process.isDead, case .failed(let code, let message)? = process.exit else { return }
    world.trace("\(process.name) ends with \(code): \(message)")
    failures.append("\(process.name) ended with \(code): \(message)")
  }
}
