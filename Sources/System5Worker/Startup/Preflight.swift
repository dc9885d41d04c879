import Kafka
import Logging
import System5Core

/// Before a pipeline begins: a broker that answers, and all topics.
struct Preflight<P: Platform> {
  let setup: PipelineSetup<P>

  /// Waits for a broker as long as it takes; nil if the stop came first.
  func run() throws(Interruption) -> TopicLayout? {
    let directory = try makeDirectory()
    let names = TopicNames(prefix: setup.configuration.prefix)
    var backoff = Backoff()
    while !setup.stop.isRequested {
      setup.beat()
      var layout: TopicLayout?
      do throws(KafkaError) {
        let topics = try directory.topics(names.all)
        setup.watch.brokerAnswered()
        layout = try self.layout(of: topics, names: names)
      } catch {
        try judge(error)
      }
      if let layout {
        try checkCheckpointTopics(of: layout)
        return layout
      }
      setup.wait(backoff.next())
    }
    return nil
  }

  /// A shard's checkpoints lie in the partition of its own number.
  private func checkCheckpointTopics(of layout: TopicLayout) throws(Interruption) {
    for input in InputTopic.allCases {
      let name = layout.checkpointName(of: input)
      let (has, needs) = (
        layout.partitionCount(of: name), layout.partitionCount(of: layout.name(of: input))
      )
      if has < needs {
        throw .exit(
          .configuration(
            "The topic \(name) has \(has) partitions, and its input has \(needs): give it as many; "
              + "`system5 topics plan` shows how."))
      }
    }
  }

  private func makeDirectory() throws(Interruption) -> any TopicDirectory {
    do {
      return try setup.platform.makeDirectory(setup.properties.admin, setup.watch.events)
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
    if let refusal = error.isAuthentication ? error : setup.watch.refused {
      throw .exit(.refused(refusal))
    }
    setup.watch.brokerAway(error)
  }
}
