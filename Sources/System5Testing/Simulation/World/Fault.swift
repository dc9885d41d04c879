/// What can go wrong in a simulated world.
public enum Fault: String, CaseIterable, Sendable {
  /// A process dies at any call of a client.
  case crash
  /// A process stands still until the group and the coordinator have given it up, and goes on.
  case pause
  /// A request does not arrive.
  case lostRequest = "lost-request"
  /// A request has its effect, and its sender never learns of it.
  case lostAnswer = "lost-answer"
  /// A request arrives late, perhaps after its sender has given it up.
  case delayedRequest = "delayed-request"
  /// A request arrives twice.
  case repeatedRequest = "repeated-request"
  /// The coordinators move to another broker.
  case coordinatorMove = "coordinator-move"
  /// Members join, leave, are thrown out or are given other partitions.
  case rebalance
  /// The coordinator ends a transaction itself.
  case brokerAbort = "broker-abort"
  /// A stored checkpoint is spoilt.
  case brokenCheckpoint = "broken-checkpoint"
  /// Checkpoints are read and written at a crawl.
  case slowCheckpoint = "slow-checkpoint"
  /// Time jumps, for everybody at once.
  case clockJump = "clock-jump"

  /// In how many of a thousand cases it strikes where it can.
  var perMille: Int {
    switch self {
    case .crash: 2
    case .pause: 3
    case .lostRequest, .lostAnswer, .delayedRequest: 20
    case .repeatedRequest: 20
    case .coordinatorMove: 3
    case .rebalance: 4
    case .brokerAbort: 4
    case .brokenCheckpoint: 8
    case .slowCheckpoint: 20
    case .clockJump: 1
    }
  }
}

/// Which faults may strike, and which have: each occurrence has a number, by which a shrunk run
/// leaves it out.
struct FaultSchedule {
  struct Occurrence: Hashable {
    let number: Int
    let fault: Fault
  }

  private let enabled: Set<Fault>
  /// The only numbers that take effect; nil for all.
  private let kept: Set<Int>?
  private(set) var occurrences: [Occurrence] = []
  private var count = 0
  var isOver = false

  init(enabled: Set<Fault>, kept: Set<Int>?) {
    self.enabled = enabled
    self.kept = kept
  }

  mutating func strikes(_ fault: Fault, with random: inout SplitMix64) -> Bool {
    guard !isOver, enabled.contains(fault),
      Int.random(in: 0..<1_000, using: &random) < fault.perMille
    else { return false }
    defer { count += 1 }
    guard kept?.contains(count) ?? true else { return false }
    occurrences.append(Occurrence(number: count, fault: fault))
    return true
  }
}
