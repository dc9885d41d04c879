import Kafka

/// What a broker refuses with; the raw values are those of Kafka's protocol.
enum BrokerError: Int32, Error {
  case notCoordinator = 16
  case illegalGeneration = 22
  case unknownMember = 25
  case rebalanceInProgress = 27
  case invalidProducerEpoch = 47
  case invalidTransactionState = 48
  case concurrentTransactions = 51
  case unstableOffsets = 88
}

/// librdkafka's own codes, as far as the worker meets them; the raw values are those of rdkafka.h.
enum ClientCode: Int32 {
  case transport = -195
  case timedOut = -185
  case state = -172
  case authentication = -169
  case inconsistent = -149
  case maxPollExceeded = -147
  case fenced = -144
  case autoOffsetReset = -140
}

extension KafkaError {
  static func client(
    _ code: ClientCode, isFatal: Bool = false, isRetriable: Bool = false,
    requiresAbort: Bool = false
  ) -> KafkaError {
    KafkaError(
      code: code.rawValue, reason: "simulated", isFatal: isFatal, isRetriable: isRetriable,
      requiresAbort: requiresAbort)
  }

  static func broker(_ error: BrokerError, requiresAbort: Bool = false) -> KafkaError {
    KafkaError(code: error.rawValue, reason: "simulated", requiresAbort: requiresAbort)
  }

  /// What a client of a dead process says. The worker gives up at once on this one, so that a dead
  /// process's turn ends.
  static var dead: KafkaError { .client(.authentication) }
}
