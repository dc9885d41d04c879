internal import CRdkafka

/// What librdkafka or a broker refused, as a value: one type for every call of this module.
///
/// `isFatal`, `isRetriable` and `requiresAbort` are librdkafka's own judgement and are only ever
/// set by the calls that give one, which are the transactional calls and `Producer.produce`.
public struct KafkaError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The raw `rd_kafka_resp_err_t`: negative for librdkafka's own codes, positive for a broker's.
  public let code: Int32
  /// A sentence for people, in librdkafka's or the broker's words.
  public let reason: String
  /// The client can do no more: destroy it and make a new one.
  public let isFatal: Bool
  /// The same call, with the same arguments, may be made again.
  public let isRetriable: Bool
  /// The current transaction must be aborted.
  public let requiresAbort: Bool

  /// Makes an error by hand, as a double in a test does.
  public init(
    code: Int32, reason: String, isFatal: Bool = false, isRetriable: Bool = false,
    requiresAbort: Bool = false
  ) {
    self.code = code
    self.reason = reason
    self.isFatal = isFatal
    self.isRetriable = isRetriable
    self.requiresAbort = requiresAbort
  }

  /// A failure of the program that uses this module, for a handler that can only throw this type.
  public static func application(_ reason: String) -> KafkaError {
    KafkaError(RD_KAFKA_RESP_ERR__APPLICATION, reason: reason)
  }

  /// The code's symbol without its prefix, such as "ILLEGAL_GENERATION" or "_TIMED_OUT".
  public var name: String {
    String(cString: rd_kafka_err2name(rd_kafka_resp_err_t(rawValue: code)))
  }

  public var description: String { "\(name): \(reason)" }
}

extension KafkaError {
  /// An error from a bare code; without a `reason`, librdkafka's general sentence for the code.
  init(_ code: rd_kafka_resp_err_t, reason: String? = nil) {
    self.init(
      code: code.rawValue, reason: reason ?? String(cString: rd_kafka_err2str(code)),
      isFatal: code == RD_KAFKA_RESP_ERR__FATAL)
  }

  /// Takes an error object over: its content is copied and the object freed.
  init(consuming error: OpaquePointer) {
    self.init(
      code: rd_kafka_error_code(error).rawValue,
      reason: String(cString: rd_kafka_error_string(error)),
      isFatal: rd_kafka_error_is_fatal(error) != 0,
      isRetriable: rd_kafka_error_is_retriable(error) != 0,
      requiresAbort: rd_kafka_error_txn_requires_abort(error) != 0)
    rd_kafka_error_destroy(error)
  }

  /// Throws unless `code` is success.
  static func check(_ code: rd_kafka_resp_err_t) throws(KafkaError) {
    if code != RD_KAFKA_RESP_ERR_NO_ERROR { throw KafkaError(code) }
  }

  /// Takes over and throws `error` if there is one.
  static func check(consuming error: OpaquePointer?) throws(KafkaError) {
    if let error { throw KafkaError(consuming: error) }
  }
}
