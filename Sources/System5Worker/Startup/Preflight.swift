import Kafka
import Logging

/// Before a pipeline begins: a broker that answers, and all topics.
struct Preflight {
  let properties: ClientProperties
  let watch: ClientWatch
  let stop: StopSignal

  /// Waits for a broker as long as it takes; nil if the stop came first.
  func run() throws(Interruption) -> TopicLayout? {
    let admin = try makeAdmin()
    let names = TopicNames(prefix: properties.configuration.prefix)
    var backoff = Backoff()
    while !stop.isRequested {
      do throws(KafkaError) {
        let topics = try admin.topics(names.all, timeoutMilliseconds: 2_000)
        watch.brokerAnswered()
        if let layout = try layout(of: topics, names: names) { return layout }
      } catch {
        try judge(error)
      }
      stop.wait(backoff.next())
    }
    return nil
  }

  private func makeAdmin() throws(Interruption) -> Admin {
    do {
      return try Admin(configuration: properties.admin, events: watch.events)
    } catch {
      throw .exit(.configuration("Kafka client: \(error.reason)."))
    }
  }

  /// Nil if an answer was not conclusive.
  private func layout(
    of topics: [TopicMetadata], names: TopicNames
  ) throws(KafkaError) -> TopicLayout? {
    var counts: [String: Int32] = [:]
    for topic in topics {
      if let error = topic.error, error.isUnknownTopic {
        throw KafkaError(code: error.code, reason: topic.name)
      }
      if let error = topic.error, error.isAuthentication {
        throw KafkaError(code: error.code, reason: "\(topic.name): \(error.reason)")
      }
      guard topic.error == nil, topic.partitionCount > 0 else { return nil }
      counts[topic.name] = Int32(clamping: topic.partitionCount)
    }
    return TopicLayout(names: names, partitionCounts: counts)
  }

  private func judge(_ error: KafkaError) throws(Interruption) {
    if error.isUnknownTopic {
      throw .exit(
        .configuration(
          "The topic \(error.reason) is missing; create it with `system5 topics apply`."))
    }
    if let refusal = error.isAuthentication ? error : watch.refused {
      throw .exit(.notAuthorised("The brokers refuse us: \(refusal.reason)."))
    }
    watch.brokerAway(error)
  }
}
