internal import CRdkafka

/// A change of the assignment that the group has announced and that we have to answer.
struct Rebalance {
  let code: rd_kafka_resp_err_t
  let partitions: [TopicPartition]
  /// What was already known when it was announced; it may become lost before it is served.
  let isLost: Bool
}

/// Rebalances on their way to the handler.
struct RebalanceQueue {
  /// The handler that the current call was lent.
  var handler: (any RebalanceHandler)?
  /// Whether rebalances are put off until the next call, since a batch is being taken.
  var isDeferring = false
  var deferred: [Rebalance] = []
  /// Whether the consumer is being closed.
  var isClosing = false
  /// Whether a rebalance has been answered since.
  var isAnsweredForGood = false
  /// The first error of a handler or an assignment since it was last thrown.
  var failure: KafkaError?
}

extension Consumer {
  /// Called by librdkafka, within `poll` or `close`.
  func rebalanceArrived(_ code: rd_kafka_resp_err_t, partitions: [TopicPartition]) {
    let isLost = rd_kafka_assignment_lost(client.pointer) != 0
    let rebalance = Rebalance(code: code, partitions: partitions, isLost: isLost)
    if rebalances.isDeferring {
      rebalances.deferred.append(rebalance)
    } else {
      perform(rebalance)
    }
  }

  func serveDeferredRebalances() throws(KafkaError) {
    performDeferredRebalances()
    try throwRebalanceFailure()
  }

  func performDeferredRebalances() {
    let deferred = rebalances.deferred
    rebalances.deferred = []
    for rebalance in deferred { perform(rebalance) }
  }

  func throwRebalanceFailure() throws(KafkaError) {
    if let failure = rebalances.failure {
      rebalances.failure = nil
      throw failure
    }
  }

  private func perform(_ rebalance: Rebalance) {
    switch rebalance.code {
    case RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS where rebalances.isClosing:
      remembering { () throws(KafkaError) in try unassign(rebalance.partitions) }
    case RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS:
      remembering { () throws(KafkaError) in try give(rebalance) }
    case RD_KAFKA_RESP_ERR__REVOKE_PARTITIONS:
      remembering { () throws(KafkaError) in try tell(rebalance) }
      remembering { () throws(KafkaError) in try unassign(rebalance.partitions) }
    case let code:
      remembering { () throws(KafkaError) in throw KafkaError(code) }
      remembering { () throws(KafkaError) in try unassign(rebalance.partitions) }
    }
  }

  private func remembering(_ step: () throws(KafkaError) -> Void) {
    do {
      try step()
    } catch {
      if rebalances.failure == nil { rebalances.failure = error }
    }
  }

  private func give(_ rebalance: Rebalance) throws(KafkaError) {
    do {
      let starts =
        try rebalances.handler?.assigned(rebalance.partitions, by: self) ?? []
      try assign(rebalance.partitions, startingAt: starts)
    } catch {
      // librdkafka waits for an answer, and an empty assignment is one.
      if !isCooperative { _ = rd_kafka_assign(client.pointer, nil) }
      throw error
    }
  }

  private func assign(
    _ partitions: [TopicPartition], startingAt starts: [PartitionOffset]
  ) throws(KafkaError) {
    let offsets = Dictionary(
      starts.map { ($0.topicPartition, $0.offset) }, uniquingKeysWith: { _, last in last })
    let list = PartitionList(
      partitions.map { PartitionOffset($0, offsets[$0] ?? LogicalOffset.committed) })
    if isCooperative {
      try KafkaError.check(consuming: rd_kafka_incremental_assign(client.pointer, list.pointer))
    } else {
      try KafkaError.check(rd_kafka_assign(client.pointer, list.pointer))
    }
  }

  private func tell(_ rebalance: Rebalance) throws(KafkaError) {
    if rebalance.isLost || rd_kafka_assignment_lost(client.pointer) != 0 {
      try rebalances.handler?.lost(rebalance.partitions, by: self)
    } else {
      try rebalances.handler?.revoked(rebalance.partitions, by: self)
    }
  }

  /// While closing, librdkafka takes the first answer for all partitions and is then free to end.
  /// A second one, to a rebalance that was announced before, would be a request to a thread that
  /// may have thrown its requests away, and wait for ever.
  private func unassign(_ partitions: [TopicPartition]) throws(KafkaError) {
    if rebalances.isAnsweredForGood { return }
    rebalances.isAnsweredForGood = rebalances.isClosing
    if isCooperative {
      let list = PartitionList(partitions)
      try KafkaError.check(consuming: rd_kafka_incremental_unassign(client.pointer, list.pointer))
    } else {
      try KafkaError.check(rd_kafka_assign(client.pointer, nil))
    }
  }

  /// Whether the group's members have agreed on the cooperative protocol.
  private var isCooperative: Bool {
    guard let name = rd_kafka_rebalance_protocol(client.pointer) else { return false }
    return String(cString: name) == "COOPERATIVE"
  }
}
