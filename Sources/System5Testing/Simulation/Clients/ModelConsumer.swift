import Kafka
import System5Wire
import System5Worker

/// librdkafka's consumer, as far as the worker can tell it from ours: what its own threads do is in
/// ``tick()``, what the group has to say is served within polls.
final class ModelConsumer {
  enum Event: Equatable {
    case assign([TopicPartition])
    case revoke([TopicPartition])
    case failure(KafkaError)
  }

  enum Standing: Equatable { case outside, joining, settled, rejoining }

  private struct Position {
    /// The next offset to fetch.
    var next: Int64
    var isPaused = false
    /// There was nothing where it was to be read, so that it is read no more.
    var isStopped = false
    /// Where its end was last told.
    var toldEnd: Int64?
  }

  let process: SimulatedProcess
  private let isReadCommitted: Bool
  private let maxPollInterval: Duration
  private var isSubscribed = false
  private(set) var isClosed = false
  private var standing = Standing.outside
  private(set) var claim = MemberClaim(member: "", generation: -1)
  private var positions: [TopicPartition: Position] = [:]
  private var events: [Event] = []
  /// Whether the group has given us up while we had partitions.
  private var isLost = false
  /// Whether partitions were given back, for which the group waits.
  private var mustRejoin = false
  private var polledAt: Duration
  private var isPolling = false

  init(process: SimulatedProcess, _ configuration: ClientConfiguration) {
    self.process = process
    isReadCommitted = process.mistakes.isReadCommitted(configuration["isolation.level"])
    maxPollInterval = .milliseconds(
      configuration["max.poll.interval.ms"].flatMap(Int.init) ?? 300_000)
    polledAt = process.world.now
  }

  private var world: SimulatedWorld { process.world }
  private var broker: ModelBroker { process.world.broker }
  private var group: GroupCoordinator { process.world.broker.group }
  var assignment: [TopicPartition] { positions.keys.sorted() }

  func subscribe() {
    isSubscribed = true
    polledAt = world.now
  }

  // MARK: Its own threads

  func tick() {
    guard isSubscribed, !isClosed, broker.coordinatorsAwayUntil <= world.now else { return }
    if !isPolling, world.now - polledAt > maxPollInterval, !claim.member.isEmpty {
      world.trace("\(process.name) has not polled for too long and leaves the group")
      group.leave(claim.member)
      events.append(.failure(.client(.maxPollExceeded)))
      return lose()
    }
    switch standing {
    case .outside: joinIfFree()
    case .joining, .rejoining: takeAssignment()
    case .settled: heartbeat()
    }
  }

  /// Whoever has not polled in time joins again when it does.
  private func joinIfFree() {
    guard !hasRebalance, world.now - polledAt <= maxPollInterval else { return }
    if isLost, !positions.isEmpty { return events.append(.revoke(assignment)) }
    isLost = false
    join(.joining)
  }

  private func join(_ next: Standing) {
    switch group.join(claim.member, owned: group.isCooperative ? assignment : []) {
    case .success(let member):
      claim.member = member
      standing = next
    case .failure: lose()
    }
  }

  private func takeAssignment() {
    guard let (generation, assignment) = group.sync(claim.member) else {
      if group.heartbeat(claim) == .unknownMember { lose() }
      return
    }
    claim.generation = generation
    standing = .settled
    let revoked = group.isCooperative ? self.assignment.filter { !assignment.contains($0) } : []
    let added = assignment.filter { positions[$0] == nil }
    if !revoked.isEmpty { events.append(.revoke(revoked)) }
    if !added.isEmpty || revoked.isEmpty { events.append(.assign(added)) }
  }

  private func heartbeat() {
    switch group.heartbeat(claim) {
    case nil: break
    case .unknownMember, .illegalGeneration: lose()
    default: rejoin()
    }
  }

  private func rejoin() {
    if hasRebalance { return }
    if group.isCooperative || positions.isEmpty {
      join(.rejoining)
    } else {
      events.append(.revoke(assignment))
    }
  }

  private func lose() {
    claim = MemberClaim(member: "", generation: -1)
    standing = .outside
    isLost = !positions.isEmpty || hasRebalance
    if !hasRebalance, !positions.isEmpty { events.append(.revoke(assignment)) }
  }

  private var hasRebalance: Bool {
    events.contains {
      if case .failure = $0 { return false }
      return true
    }
  }

  // MARK: Polling

  func poll(
    maxRecords: Int, timeout: Duration, owner: any PartitionOwner
  ) throws(KafkaError) -> SimulatedBatch {
    isPolling = true
    defer {
      isPolling = false
      polledAt = world.now
    }
    polledAt = world.now
    // A rebalance that comes while a batch is taken waits for the next poll.
    if !world.chance(250) { try serve(owner) }
    var batch = fetch(maxRecords)
    if batch.items.isEmpty, !process.isDead {
      try serve(owner)
      if timeout > .zero { world.wait(.milliseconds(1 + world.below(timeout.wholeMilliseconds))) }
      try serve(owner)
      batch = fetch(maxRecords)
    }
    return batch
  }

  /// Serves what the group has to say; throws the first thing that went wrong, after all of it.
  private func serve(_ owner: any PartitionOwner) throws(KafkaError) {
    var failure: KafkaError?
    while let event = events.first(where: { !isFailure($0) }), !process.isDead {
      do throws(KafkaError) {
        try perform(event, owner)
      } catch {
        failure = failure ?? error
      }
      if let index = events.firstIndex(of: event) { events.remove(at: index) }
      afterRebalance(event)
    }
    if let failure { throw failure }
  }

  private func isFailure(_ event: Event) -> Bool {
    if case .failure = event { return true }
    return false
  }

  private func perform(_ event: Event, _ owner: any PartitionOwner) throws(KafkaError) {
    switch event {
    case .assign(let partitions):
      world.trace("\(process.name) is given \(partitions)")
      let starts = try owner.assigned(partitions)
      for start in starts { positions[start.topicPartition] = Position(next: start.offset) }
      for partition in partitions where positions[partition] == nil {
        positions[partition] = Position(next: LogicalOffset.committed)
      }
    case .revoke(let partitions):
      defer { for partition in partitions { positions[partition] = nil } }
      world.trace("\(process.name) \(isLost ? "loses" : "gives back") \(partitions)")
      if isLost { try owner.lost(partitions) } else { try owner.revoked(partitions) }
    case .failure: break
    }
  }

  private func afterRebalance(_ event: Event) {
    if case .revoke = event { mustRejoin = true }
    if hasRebalance { return }
    if positions.isEmpty { isLost = false }
    if mustRejoin, !claim.member.isEmpty { join(.rejoining) }
    mustRejoin = false
  }

  private func fetch(_ limit: Int) -> SimulatedBatch {
    var items: [SimulatedBatch.Item] = []
    while let index = events.firstIndex(where: isFailure) {
      if case .failure(let error) = events.remove(at: index) { items.append(.failure(error, nil)) }
    }
    let partitions = assignment
    let first = world.below(partitions.count)
    for shift in partitions.indices {
      let partition = partitions[(first + shift) % partitions.count]
      if items.count < limit, world.chance(800) {
        fetch(partition, limit - items.count, into: &items)
      }
    }
    return SimulatedBatch(items: items)
  }

  private func fetch(
    _ partition: TopicPartition, _ limit: Int, into items: inout [SimulatedBatch.Item]
  ) {
    guard var position = positions[partition], !position.isPaused, !position.isStopped
    else { return }
    let log = broker.log(partition)
    position.next = resolved(position.next, in: partition, log)
    if position.next < log.start || position.next > log.end {
      items.append(.failure(.client(.autoOffsetReset), partition))
      position.isStopped = true
    } else {
      let found = log.read(
        from: position.next, limit: limit, committedOnly: isReadCommitted)
      for entry in found.entries { items.append(.record(partition, entry)) }
      position.next = found.next
      let end = isReadCommitted ? log.lastStable : log.end
      if position.next >= end, position.toldEnd != position.next, items.count < limit {
        items.append(.end(partition, position.next))
        position.toldEnd = position.next
      }
    }
    positions[partition] = position
  }

  private func resolved(
    _ offset: Int64, in partition: TopicPartition, _ log: ModelLog
  ) -> Int64 {
    switch offset {
    case LogicalOffset.beginning: log.start
    case LogicalOffset.end: isReadCommitted ? log.lastStable : log.end
    case LogicalOffset.committed: group.committed(partition) ?? log.start
    default: offset
    }
  }

  // MARK: Calls

  func committed(
    _ partitions: [TopicPartition], timeout: Duration
  ) throws(KafkaError) -> [TopicPartition: Int64] {
    let end = world.now + timeout
    while true {
      let reply = process.request(
        "OffsetFetch", timeout: max(.milliseconds(1), end - world.now)
      ) { [group, process] in
        group.fetch(
          partitions,
          requireStable: !process.mistakes.readsUnstableOffsets)
      }
      if case .answer(let offsets) = reply { return offsets }
      if process.isDead { throw .dead }
      if world.now >= end { throw .client(.timedOut) }
      world.wait(.milliseconds(50))
    }
  }

  func logStarts(
    of partitions: [TopicPartition], timeout: Duration
  ) throws(KafkaError) -> [TopicPartition: Int64] {
    let reply = process.request("ListOffsets", timeout: timeout) { [broker] in
      .success(
        Dictionary(uniqueKeysWithValues: partitions.map { ($0, broker.log($0).start) }))
    }
    if case .answer(let starts) = reply { return starts }
    throw .client(.timedOut)
  }

  func cachedWatermarks(of partition: TopicPartition) -> Watermarks? {
    guard positions[partition] != nil else { return nil }
    let log = broker.log(partition)
    return Watermarks(low: log.start, high: log.lastStable)
  }

  func commit(_ offsets: [PartitionOffset]) throws(KafkaError) {
    let claim = claim
    let reply = process.request("OffsetCommit", timeout: .seconds(5)) { [group] in
      group.commit(offsets, member: claim)
    }
    switch reply {
    case .answer: return
    case .refusal(let error): throw .broker(error)
    case .nothing: throw process.isDead ? .dead : .client(.timedOut)
    }
  }

  func seek(_ offsets: [PartitionOffset]) throws(KafkaError) {
    for offset in offsets {
      guard let position = positions[offset.topicPartition], !position.isStopped
      else { throw .client(.state) }
      positions[offset.topicPartition] = Position(
        next: offset.offset, isPaused: position.isPaused)
    }
  }

  func set(paused: Bool, _ partitions: [TopicPartition]) throws(KafkaError) {
    for partition in partitions {
      guard positions[partition] != nil else { throw .client(.state) }
      positions[partition]?.isPaused = paused
    }
  }

  func isPaused(_ partition: TopicPartition) -> Bool { positions[partition]?.isPaused ?? false }

  /// The next offset to fetch.
  func position(of partition: TopicPartition) -> Int64? { positions[partition]?.next }

  func close(owner: any PartitionOwner) throws(KafkaError) {
    if isClosed { return }
    events = []
    if !positions.isEmpty, !process.isDead {
      events = [.revoke(assignment)]
      standing = .rejoining
      isPolling = true
      _ = Result { () throws(KafkaError) in try perform(events[0], owner) }
    }
    isClosed = true
    positions = [:]
    process.consumers.removeAll { $0 === self }
    if !process.isDead, !claim.member.isEmpty { group.leave(claim.member) }
  }
}

extension Duration {
  var wholeMilliseconds: Int { Int(self / .milliseconds(1)) }
}
