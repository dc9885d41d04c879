internal import CRdkafka

/// Owns a `rd_kafka_t`. Whatever librdkafka has lent from it (messages, topics, queues) must keep
/// a reference to the handle, so that it is destroyed last, as librdkafka demands.
final class ClientHandle {
  let pointer: OpaquePointer
  let callbacks: Callbacks
  /// Flags of `rd_kafka_destroy_flags`. A consumer that was not closed is destroyed without its
  /// closing steps, which would call a consumer that is gone.
  var destroyFlags: Int32 = 0

  init(
    kind: rd_kafka_type_t, configuration: ClientConfiguration, callbacks: Callbacks
  ) throws(ConfigurationError) {
    let properties = try configuration.makeProperties()
    callbacks.register(in: properties, kind: kind)
    var reason = ""
    let client = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 512) { buffer in
      let client = rd_kafka_new(kind, properties, buffer.baseAddress, buffer.count)
      if client == nil { reason = buffer.baseAddress.map { String(cString: $0) } ?? "" }
      return client
    }
    guard let client else {
      // The properties are librdkafka's only once the client exists.
      rd_kafka_conf_destroy(properties)
      throw ConfigurationError(
        property: nil, reason: Redaction.sentence(reason, configuration: configuration))
    }
    self.pointer = client
    self.callbacks = callbacks
  }

  deinit { rd_kafka_destroy_flags(pointer, destroyFlags) }

  /// The error that has ended this client for good, if one has.
  var fatal: KafkaError? { fatalError(of: pointer) }
}

extension ClientConfiguration {
  /// A new `rd_kafka_conf_t`, owned by the caller.
  fileprivate func makeProperties() throws(ConfigurationError) -> OpaquePointer {
    let result: OpaquePointer = rd_kafka_conf_new()
    for (name, value) in properties {
      if let sentence = set(name, to: value, in: result) {
        rd_kafka_conf_destroy(result)
        throw ConfigurationError(
          property: name,
          reason: Redaction.sentence(sentence, property: name, value: value))
      }
    }
    return result
  }

  /// librdkafka's sentence if it refuses the property.
  private func set(_ name: String, to value: String, in conf: OpaquePointer) -> String? {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 512) { buffer in
      let result = rd_kafka_conf_set(conf, name, value, buffer.baseAddress, buffer.count)
      if result == RD_KAFKA_CONF_OK { return nil }
      return buffer.baseAddress.map { String(cString: $0) } ?? ""
    }
  }
}

/// Milliseconds as librdkafka takes them; -1 waits without end.
func milliseconds(_ value: Int) -> Int32 { value < 0 ? -1 : Int32(clamping: value) }
