import Kafka

/// The properties of one pipeline's clients.
struct ClientProperties {
  let configuration: WorkerConfiguration
  /// The configured instance, or a name by chance.
  let instance: String
  let pipeline: Int

  init(_ configuration: WorkerConfiguration, instance: String, pipeline: Int) {
    self.configuration = configuration
    self.instance = instance
    self.pipeline = pipeline
  }

  var name: String { "\(instance)-\(pipeline)" }

  var consumer: ClientConfiguration {
    var result = common
    result["partition.assignment.strategy"] =
      configuration.kafkaProperties["partition.assignment.strategy"] ?? "cooperative-sticky"
    result["group.id"] = configuration.group
    if let address = configuration.advertisedAddress, let id = result["client.id"] {
      result["client.id"] = MemberName.id(id, at: address)
    }
    if configuration.instance != nil, configuration.isStaticMember {
      result["group.instance.id"] = name
    }
    result["enable.auto.commit"] = "false"
    result["enable.auto.offset.store"] = "false"
    result["auto.offset.reset"] = "error"
    result["isolation.level"] = "read_committed"
    result["enable.partition.eof"] = "true"
    result["allow.auto.create.topics"] = "false"
    result["session.timeout.ms"] = "\(configuration.sessionTimeout.milliseconds)"
    result["heartbeat.interval.ms"] =
      configuration.kafkaProperties["heartbeat.interval.ms"]
      ?? "\(max(1, min(3_000, configuration.sessionTimeout.milliseconds / 3)))"
    result["max.poll.interval.ms"] = "\(maxPollInterval)"
    result["queued.max.messages.kbytes"] = "\(configuration.fetchAheadKilobytes)"
    // Some brokers see what has come only at the end of a wait, and an alert waits as long.
    result["fetch.wait.max.ms"] = configuration.kafkaProperties["fetch.wait.max.ms"] ?? "100"
    setFetchBackoff(in: &result)
    return result
  }

  var producer: ClientConfiguration {
    var result = common
    result["enable.idempotence"] = "true"
    // A dead letter is as large as what it holds and its headers; the topic's own limit counts.
    result["message.max.bytes"] = configuration.kafkaProperties["message.max.bytes"] ?? "8388608"
    if configuration.delivery == .exactlyOnce {
      result["transactional.id"] =
        Self.transactionalPrefix(of: configuration.group) + "\(instance).\(pipeline)"
      result["transaction.timeout.ms"] = "\(configuration.transactionTimeout.milliseconds)"
      // librdkafka wants no message to live longer than its transaction.
      result["message.timeout.ms"] = "\(configuration.transactionTimeout.milliseconds)"
    }
    return result
  }

  /// Reads checkpoint topics, whole and by hand; a member of no group.
  var checkpointReader: ClientConfiguration {
    var result = common
    // librdkafka keeps assignments in a group object, which never joins.
    result["group.id"] = Self.checkpointGroup(of: configuration.group)
    result["enable.auto.commit"] = "false"
    result["enable.auto.offset.store"] = "false"
    result["auto.offset.reset"] = "earliest"
    // A checkpoint is whole or it is not used, whatever became of its writer.
    result["isolation.level"] = "read_uncommitted"
    result["enable.partition.eof"] = "true"
    // For so long a broker holds back the answer that there is no more, and a takeover waits for it.
    result["fetch.wait.max.ms"] = configuration.kafkaProperties["fetch.wait.max.ms"] ?? "20"
    result["queued.max.messages.kbytes"] = "\(configuration.fetchAheadKilobytes)"
    setFetchBackoff(in: &result)
    return result
  }

  var checkpointWriter: ClientConfiguration {
    var result = common
    result["enable.idempotence"] = "true"
    result["message.max.bytes"] = configuration.kafkaProperties["message.max.bytes"] ?? "8388608"
    return result
  }

  /// What every `transactional.id` of a group's workers begins with.
  static func transactionalPrefix(of group: String) -> String { "\(group)." }

  /// The group whose name the readers of checkpoints bear.
  static func checkpointGroup(of group: String) -> String { "\(group).checkpoints" }

  /// For questions only.
  var admin: ClientConfiguration { common }

  private var common: ClientConfiguration {
    var result = ClientConfiguration()
    result["client.id"] = "system5-\(name)"
    for (name, value) in configuration.kafkaProperties.sorted(by: { $0.key < $1.key }) {
      result[name] = value
    }
    result["bootstrap.servers"] = configuration.brokers
    return result
  }

  /// librdkafka refuses a poll interval below the session timeout.
  private var maxPollInterval: Int {
    max(configuration.maxPollInterval.milliseconds, configuration.sessionTimeout.milliseconds)
  }

  /// The default of 1,000 ms stalls a consumer that catches up with its fetcher.
  private func setFetchBackoff(in properties: inout ClientConfiguration) {
    let name = "fetch.queue.backoff.ms"
    guard configuration.kafkaProperties[name] == nil, Librdkafka.knows(property: name)
    else { return }
    properties[name] = "10"
  }
}
