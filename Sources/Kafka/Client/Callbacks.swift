internal import CRdkafka

/// Where librdkafka's callbacks arrive: the opaque of a client's configuration.
///
/// The `ClientHandle` owns it and outlives every callback, so the opaque pointer is unretained.
/// `events` and `faults` are used on any thread; the rest only on the client's own thread, since
/// librdkafka runs those callbacks within calls that the thread makes.
final class Callbacks {
  let events: ClientEvents
  let faults = TLSFaults()
  /// Serves rebalances. Weak: the consumer owns the handle, and that owns this.
  weak var consumer: Consumer?
  /// Collects delivery reports; only a producer has it.
  let deliveries: DeliveryReports?

  init(events: ClientEvents, deliveries: DeliveryReports? = nil) {
    self.events = events
    self.deliveries = deliveries
  }

  /// Registers the callbacks that every client has, and those of its kind.
  func register(in configuration: OpaquePointer, kind: rd_kafka_type_t) {
    rd_kafka_conf_set_opaque(configuration, Unmanaged.passUnretained(self).toOpaque())
    rd_kafka_conf_set_log_cb(configuration, logCallback)
    rd_kafka_conf_set_error_cb(configuration, errorCallback)
    // Refused only by a librdkafka without TLS, which then refuses its properties too.
    _ = rd_kafka_conf_set_ssl_cert_verify_cb(configuration, certificateCallback)
    if kind == RD_KAFKA_CONSUMER {
      rd_kafka_conf_set_rebalance_cb(configuration, rebalanceCallback)
    }
    if deliveries != nil { rd_kafka_conf_set_dr_msg_cb(configuration, deliveryCallback) }
  }

  static func of(_ opaque: UnsafeMutableRawPointer?) -> Callbacks? {
    opaque.map { Unmanaged<Callbacks>.fromOpaque($0).takeUnretainedValue() }
  }
}

private func logCallback(
  client: OpaquePointer?, level: Int32, facility: UnsafePointer<CChar>?,
  text: UnsafePointer<CChar>?
) {
  guard let client, let callbacks = Callbacks.of(rd_kafka_opaque(client)) else { return }
  callbacks.events.log(
    LogLine(
      level: LogLine.Level(rawValue: level) ?? .debug,
      facility: facility.map { String(cString: $0) } ?? "",
      text: text.map { String(cString: $0) } ?? ""))
}

private func errorCallback(
  client: OpaquePointer?, code: Int32, reason: UnsafePointer<CChar>?,
  opaque: UnsafeMutableRawPointer?
) {
  guard let client, let callbacks = Callbacks.of(opaque) else { return }
  let error = KafkaError(
    rd_kafka_resp_err_t(rawValue: code), reason: reason.map { String(cString: $0) })
  callbacks.events.error(
    error.isFatal ? fatalError(of: client) ?? error : callbacks.faults.explain(error))
}

/// Notes what OpenSSL says of a certificate, and agrees: 1 is good, 0 is not.
private func certificateCallback(
  client: OpaquePointer?, broker: UnsafePointer<CChar>?, id: Int32,
  x509Error: UnsafeMutablePointer<Int32>?, depth: Int32, certificate: UnsafePointer<CChar>?,
  size: Int, reason: UnsafeMutablePointer<CChar>?, reasonSize: Int,
  opaque: UnsafeMutableRawPointer?
) -> Int32 {
  guard let x509Error else { return 0 }
  if x509Error.pointee == 0 { return 1 }
  Callbacks.of(opaque)?.faults.found(x509Error.pointee)
  return 0
}

private func rebalanceCallback(
  client: OpaquePointer?, code: rd_kafka_resp_err_t,
  partitions: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>?,
  opaque: UnsafeMutableRawPointer?
) {
  let list = partitions.map { PartitionList.partitions(in: $0) } ?? []
  Callbacks.of(opaque)?.consumer?.rebalanceArrived(code, partitions: list)
}

private func deliveryCallback(
  client: OpaquePointer?, message: UnsafePointer<rd_kafka_message_t>?,
  opaque: UnsafeMutableRawPointer?
) {
  guard let message else { return }
  let (code, tag) = (message.pointee.err, UInt(bitPattern: message.pointee._private))
  // Most messages have no tag, and nobody waits to hear that they arrived.
  if tag == 0, code == RD_KAFKA_RESP_ERR_NO_ERROR { return }
  guard let deliveries = Callbacks.of(opaque)?.deliveries else { return }
  let error = code == RD_KAFKA_RESP_ERR_NO_ERROR ? nil : KafkaError(code)
  if tag != 0 {
    deliveries.reported(
      DeliveryReport(
        tag: tag, partition: error == nil ? message.pointee.partition : -1,
        offset: error == nil ? message.pointee.offset : -1, error: error))
  } else if let error {
    deliveries.failed(error)
  }
}

/// The error that has ended a client for good, if one has.
func fatalError(of client: OpaquePointer) -> KafkaError? {
  withUnsafeTemporaryAllocation(of: CChar.self, capacity: 512) { buffer in
    let code = rd_kafka_fatal_error(client, buffer.baseAddress, buffer.count)
    guard code != RD_KAFKA_RESP_ERR_NO_ERROR else { return nil }
    let reason = buffer.baseAddress.map { String(cString: $0) } ?? ""
    return KafkaError(code: code.rawValue, reason: reason, isFatal: true)
  }
}
