internal import CRdkafka

/// Kinds of errors that call for the same reaction, whichever code names them.
extension KafkaError {
  /// Time ran out: the outcome of what was asked for is unknown.
  public var isTimeout: Bool {
    isOne(
      of: RD_KAFKA_RESP_ERR__TIMED_OUT, RD_KAFKA_RESP_ERR__TIMED_OUT_QUEUE,
      RD_KAFKA_RESP_ERR__MSG_TIMED_OUT, RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT)
  }

  /// The connection failed; it is made again in the background.
  public var isTransport: Bool {
    isOne(
      of: RD_KAFKA_RESP_ERR__TRANSPORT, RD_KAFKA_RESP_ERR__RESOLVE,
      RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN, RD_KAFKA_RESP_ERR_NETWORK_EXCEPTION)
  }

  /// The brokers do not know us, or do not let us: waiting does not mend it, a person must.
  public var isAuthentication: Bool {
    isOne(
      of: RD_KAFKA_RESP_ERR__AUTHENTICATION, RD_KAFKA_RESP_ERR__SSL,
      RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED, RD_KAFKA_RESP_ERR_UNSUPPORTED_SASL_MECHANISM,
      RD_KAFKA_RESP_ERR_ILLEGAL_SASL_STATE, RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED,
      RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED,
      RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED,
      RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED)
  }

  /// TLS did not come about: a certificate, theirs or ours, is missing or not good.
  public var isTLS: Bool { isOne(of: RD_KAFKA_RESP_ERR__SSL) }

  /// The topic or the partition does not exist, as far as the brokers say.
  public var isUnknownTopic: Bool {
    isOne(
      of: RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC, RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION,
      RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART)
  }

  /// Someone else has taken our place: another producer with our id, or a newer generation.
  public var isFenced: Bool {
    isOne(
      of: RD_KAFKA_RESP_ERR__FENCED, RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH,
      RD_KAFKA_RESP_ERR_PRODUCER_FENCED, RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION,
      RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID, RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID)
  }

  /// The group is being rebalanced: the commit may be made again once it has settled.
  public var isRebalanceInProgress: Bool {
    isOne(of: RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS)
  }

  /// The thread did not poll within `max.poll.interval.ms`, and has left the group for it.
  public var isPollIntervalExceeded: Bool { isOne(of: RD_KAFKA_RESP_ERR__MAX_POLL_EXCEEDED) }

  /// There is nothing at the offset asked for, and `auto.offset.reset` is `error`.
  public var isOffsetGone: Bool {
    isOne(of: RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET, RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE)
  }

  /// The call does not fit the client's state, such as a message outside of a transaction.
  public var isWrongState: Bool { isOne(of: RD_KAFKA_RESP_ERR__STATE) }

  /// The producer's queue is full.
  public var isQueueFull: Bool { isOne(of: RD_KAFKA_RESP_ERR__QUEUE_FULL) }

  /// The message is larger than the producer or the broker accepts.
  public var isMessageTooLarge: Bool {
    isOne(of: RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE, RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE)
  }

  /// A topic of that name exists already.
  public var isTopicAlreadyExists: Bool { isOne(of: RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS) }

  /// The brokers do not offer what was asked for.
  public var isUnsupported: Bool {
    isOne(
      of: RD_KAFKA_RESP_ERR__UNSUPPORTED_FEATURE, RD_KAFKA_RESP_ERR_UNSUPPORTED_VERSION,
      RD_KAFKA_RESP_ERR__NOT_IMPLEMENTED)
  }

  private func isOne(of codes: rd_kafka_resp_err_t...) -> Bool {
    codes.contains { $0.rawValue == code }
  }
}
