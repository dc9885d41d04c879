import Kafka

/// What a request says of the member it comes from.
struct MemberClaim {
  var member: String
  var generation: Int32
}

/// The consumer group: members, generations, assignments and offsets.
final class GroupCoordinator {
  enum Phase: Equatable { case empty, preparing(since: Duration), completing, stable }

  struct Member {
    let id: String
    var heardAt: Duration
    var hasJoined = true
    /// What it says it has, with the cooperative protocol.
    var owned: [TopicPartition]
    var assignment: [TopicPartition] = []
    /// The generation it has been told.
    var generation: Int32 = -1
  }

  private unowned let broker: ModelBroker
  let isCooperative: Bool
  private let sessionTimeout: Duration
  private let rebalanceTimeout: Duration
  private(set) var phase = Phase.empty
  private(set) var generation: Int32 = 0
  private(set) var members: [String: Member] = [:]
  /// Of what was committed for a partition, the newest by its place in the coordinator's log counts,
  /// whenever its transaction ends.
  private var commits: [TopicPartition: (place: Int, offset: Int64)] = [:]
  private var logEnd = 0
  /// Offsets of transactions that have not ended, by producer.
  private var pending: [Int64: [(place: Int, offset: PartitionOffset)]] = [:]
  private var nextMember = 1
  /// Which member is the first to be given a partition, until members change.
  private var spread = 0
  private var lastMembers: [String] = []

  init(broker: ModelBroker, settings: WorldSettings) {
    self.broker = broker
    isCooperative = settings.isCooperative
    sessionTimeout = settings.sessionTimeout
    rebalanceTimeout = settings.maxPollInterval
  }

  // MARK: Members

  /// - Parameter id: empty for a new member.
  func join(_ id: String, owned: [TopicPartition]) -> Result<String, BrokerError> {
    if !id.isEmpty, members[id] == nil { return .failure(.unknownMember) }
    let id = id.isEmpty ? newMember() : id
    if members[id] != nil { prepare() }
    members[id, default: Member(id: id, heardAt: broker.world.now, owned: owned)].owned = owned
    members[id]?.hasJoined = true
    members[id]?.heardAt = broker.world.now
    prepare()
    return .success(id)
  }

  func leave(_ id: String) {
    guard members.removeValue(forKey: id) != nil else { return }
    prepare()
  }

  func heartbeat(_ claim: MemberClaim) -> BrokerError? {
    guard members[claim.member] != nil else { return .unknownMember }
    members[claim.member]?.heardAt = broker.world.now
    if case .preparing = phase { return .rebalanceInProgress }
    return claim.generation == generation ? nil : .illegalGeneration
  }

  /// What a member has been given, once the generation it has joined for is there.
  func sync(_ id: String) -> (generation: Int32, assignment: [TopicPartition])? {
    guard phase == .completing || phase == .stable, let member = members[id], member.hasJoined,
      member.generation != generation
    else { return nil }
    members[id]?.generation = generation
    phase = .stable
    return (generation, member.assignment)
  }

  /// Makes everybody join again.
  func prepare() {
    if members.isEmpty {
      phase = .empty
      generation += 1
      return
    }
    if case .preparing = phase { return }
    for (id, member) in members where member.generation == generation {
      members[id]?.hasJoined = false
    }
    phase = .preparing(since: broker.world.now)
  }

  func tick() {
    for member in membersInOrder where broker.world.now - member.heardAt > sessionTimeout {
      broker.world.trace("the session of \(member.id) is over")
      leave(member.id)
    }
    guard case .preparing(let since) = phase else { return }
    if broker.world.now - since > rebalanceTimeout {
      for member in membersInOrder where !member.hasJoined { members[member.id] = nil }
    }
    if members.isEmpty { return prepare() }
    if members.values.allSatisfy(\.hasJoined) { complete() }
  }

  var membersInOrder: [Member] { members.values.sorted { $0.id < $1.id } }

  /// Makes the next assignment another one.
  func shuffle() { spread = broker.world.below(1_000) }

  private func newMember() -> String {
    defer { nextMember += 1 }
    return "member-\(nextMember)"
  }

  private func complete() {
    generation += 1
    phase = .completing
    if lastMembers != membersInOrder.map(\.id) { shuffle() }
    lastMembers = membersInOrder.map(\.id)
    let targets = Assignor.assign(
      broker.inputPartitions, to: membersInOrder, isCooperative: isCooperative, turn: spread)
    for id in members.keys { members[id]?.assignment = targets[id] ?? [] }
    broker.world.trace(
      "generation \(generation): "
        + membersInOrder.map { "\($0.id) \(targets[$0.id]?.count ?? 0)" }.joined(separator: ", "))
  }

  // MARK: Offsets

  func commit(_ offsets: [PartitionOffset], member: MemberClaim) -> Result<Void, BrokerError> {
    let isSimple = member.generation < 0 && phase == .empty
    if !isSimple {
      if let refusal = refusal(of: member) { return .failure(refusal) }
      if phase == .completing { return .failure(.rebalanceInProgress) }
    }
    logEnd += 1
    for offset in offsets { note(offset, at: logEnd) }
    return .success(())
  }

  /// A claim without member and generation is taken, as brokers do.
  func commitPending(
    _ offsets: [PartitionOffset], producer: Int64, member: MemberClaim
  ) -> Result<Void, BrokerError> {
    if member.generation >= 0 || !member.member.isEmpty, let refusal = refusal(of: member) {
      return .failure(refusal)
    }
    logEnd += 1
    pending[producer, default: []] += offsets.map { (logEnd, $0) }
    return .success(())
  }

  func finish(producer: Int64, isCommit: Bool) {
    for (place, offset) in pending.removeValue(forKey: producer) ?? [] where isCommit {
      note(offset, at: place)
    }
  }

  private func note(_ offset: PartitionOffset, at place: Int) {
    if let newest = commits[offset.topicPartition], newest.place > place { return }
    commits[offset.topicPartition] = (place, offset.offset)
  }

  func committed(_ partition: TopicPartition) -> Int64? { commits[partition]?.offset }

  /// OffsetFetch.
  func fetch(
    _ partitions: [TopicPartition], requireStable: Bool
  ) -> Result<[TopicPartition: Int64], BrokerError> {
    let unstable = Set(pending.values.joined().map(\.offset.topicPartition))
    if requireStable, partitions.contains(where: unstable.contains) {
      return .failure(.unstableOffsets)
    }
    var offsets: [TopicPartition: Int64] = [:]
    for partition in partitions { offsets[partition] = committed(partition) }
    return .success(offsets)
  }

  private func refusal(of claim: MemberClaim) -> BrokerError? {
    guard members[claim.member] != nil else { return .unknownMember }
    return claim.generation == generation ? nil : .illegalGeneration
  }
}

/// Who gets which partition.
enum Assignor {
  static func assign(
    _ partitions: [TopicPartition], to members: [GroupCoordinator.Member], isCooperative: Bool,
    turn: Int
  ) -> [String: [TopicPartition]] {
    var targets: [String: [TopicPartition]] = [:]
    for (index, partition) in partitions.enumerated() {
      targets[members[(index + turn) % members.count].id, default: []].append(partition)
    }
    guard isCooperative else { return targets }
    let owner = Dictionary(
      members.flatMap { member in member.owned.map { ($0, member.id) } },
      uniquingKeysWith: { first, _ in first })
    // What another still has is given only once that one has let go.
    for (id, partitions) in targets {
      targets[id] = partitions.filter { owner[$0] == nil || owner[$0] == id }
    }
    return targets
  }
}
