import Kafka
import System5Worker

/// The faults that can strike at any call of a client.
enum Mishaps {
  static func strike(_ world: SimulatedWorld, _ process: SimulatedProcess, at call: String) {
    if world.areFaultsOver { return }
    let place = "\(process.name) at \(call)"
    if world.strikes(.crash, place) { return process.die() }
    if world.strikes(.pause, place) {
      let seconds = [1, 4, 8, 15][world.below(4)]
      world.freeze(process, for: .seconds(seconds))
      world.trace("\(process.name) goes on")
    }
    if world.strikes(.rebalance, place) { rebalance(world) }
    if world.strikes(.coordinatorMove, place) {
      world.broker.coordinatorsAwayUntil = world.now + .milliseconds(10 + world.below(900))
    }
    if world.strikes(.brokerAbort, place) { abort(world) }
    if !world.settings.hasRetention, world.strikes(.brokenCheckpoint, place) {
      CheckpointSpoiler.spoil(world)
    }
    if world.strikes(.clockJump, place) {
      world.jump(.seconds([1, 5, 20, 60][world.below(4)]))
    }
  }

  private static func rebalance(_ world: SimulatedWorld) {
    let group = world.broker.group
    switch world.below(5) {
    case 0, 1:
      group.shuffle()
      group.prepare()
    case 2:
      let members = group.membersInOrder
      if !members.isEmpty { group.leave(members[world.below(members.count)].id) }
    default:
      let worker = world.workers[world.below(world.workers.count)]
      world.trace("\(worker.process?.name ?? "nobody") is asked to stop")
      worker.process?.stop.request()
    }
  }

  private static func abort(_ world: SimulatedWorld) {
    let transactions = world.broker.transactions
    let ongoing = transactions.ongoing
    if ongoing.isEmpty { return }
    transactions.abortByBroker(ongoing[world.below(ongoing.count)])
  }
}

/// Spoils what is stored of checkpoints.
enum CheckpointSpoiler {
  static func spoil(_ world: SimulatedWorld) {
    let partitions = world.broker.topics.inputPartitions
    let partition = partitions[world.below(partitions.count)]
    let log = world.broker.checkpointLog(partition)
    let valued = log.entries.indices.filter { log.entries[$0].value?.isEmpty == false }
    if valued.isEmpty { return }
    let index = valued[world.below(valued.count)]
    guard var value = log.entries[index].value else { return }
    switch world.below(3) {
    case 0: value.removeLast(1 + world.below(value.count))
    case 1: return log.replace(at: index, with: nil)
    default:
      // A manifest that says another position or version is not spoilt but another manifest.
      if log.entries[index].key.last == UInt8(ascii: "t") { return }
      // In the lowest bits, which most often gives something that can still be read.
      value[world.below(value.count)] ^= UInt8(1 << world.below(3))
    }
    log.replace(at: index, with: value)
  }
}
