import CRdkafka
import Kafka
import OwnThreads
import Synchronization
import Testing

/// The mock cluster lets the first members of a group wait for three seconds.
@Suite(.ownThread) struct RebalanceTests {
  @Test(arguments: ["range", "cooperative-sticky"])
  func sharesPartitionsAndTakesThemBack(strategy: String) throws {
    let cluster = try MockCluster()
    try cluster.createTopic("topic", partitions: 2)
    let all = Set(partitions("topic", 0, 1))
    let more: ClientConfiguration = ["partition.assignment.strategy": strategy]
    let (first, second) = (try cluster.consumer(more), try cluster.consumer(more))
    let (one, other) = (Recorder(), Recorder())

    try first.subscribe(["topic"])
    try wait(for: "both partitions") {
      _ = try first.receive(rebalancing: one)
      return one.owned == all
    }
    #expect(try first.assignment().sorted() == all.sorted())

    try second.subscribe(["topic"])
    try wait(for: "a partition each") {
      _ = try first.receive(rebalancing: one)
      _ = try second.receive(rebalancing: other)
      return one.owned.count == 1 && other.owned.count == 1
    }
    #expect(one.owned.union(other.owned) == all)
    let taken = strategy == "range" ? all.sorted() : Array(other.owned)
    #expect(one.events.dropFirst().first == .revoked(taken))

    try second.close(rebalancing: other)
    #expect(other.events.last.map { if case .revoked = $0 { true } else { false } } == true)
    #expect(other.owned.isEmpty)
    try wait(for: "both partitions again") {
      _ = try first.receive(rebalancing: one)
      return one.owned == all
    }
    try first.close(rebalancing: one)
    #expect(one.owned.isEmpty)
    #expect(throws: KafkaError.self) { try first.receive() }
    try first.close(rebalancing: one)
  }

  /// What the group has announced and no poll has served is answered before the end: librdkafka
  /// would otherwise wait for ever, or have us wait.
  @Test(arguments: [
    (strategy: "range", partitions: Int32(2)), ("cooperative-sticky", 2),
    ("cooperative-sticky", 1),
  ])
  func closesWhileAnAssignmentWaits(strategy: String, partitions: Int32) throws {
    let cluster = try MockCluster()
    try cluster.createTopic("topic", partitions: partitions)
    let log = Log()
    let more: ClientConfiguration = ["partition.assignment.strategy": strategy]
    let first = try cluster.consumer(more)
    var talkative = more
    talkative["debug"] = "cgrp"
    let second = try cluster.consumer(talkative, events: log.events)
    let (one, other) = (Recorder(), Recorder())
    try first.subscribe(["topic"])
    try wait(for: "the first to join") {
      _ = try first.receive(rebalancing: one)
      return one.owned.count == Int(partitions)
    }
    try second.subscribe(["topic"])
    try wait(for: "an assignment that waits") {
      _ = try first.receive(rebalancing: one)
      return log.lines.withLock { $0.contains { $0.text.contains("-> wait-assign-call") } }
    }
    try second.close(rebalancing: other)
    #expect(other.owned.isEmpty)
    try wait(for: "the first to have all again") {
      _ = try first.receive(rebalancing: one)
      return one.owned.count == Int(partitions)
    }
    try first.close(rebalancing: one)
  }

  /// A batch that was begun before a revocation must not show records of what is let go.
  @Test(arguments: ["range", "cooperative-sticky"])
  func givesOnlyRecordsOfWhatItOwns(strategy: String) throws {
    let cluster = try MockCluster()
    try cluster.createTopic("topic", partitions: 4)
    let more: ClientConfiguration = ["partition.assignment.strategy": strategy]
    let members = [try cluster.consumer(more), try cluster.consumer(more)]
    let handlers = [Recorder(), Recorder()]
    let producer = try cluster.producer()
    var seen: Set<TopicPartition> = []

    func step(_ active: Range<Int>) throws {
      for number in Int32(0)..<40 { try producer.send("x", to: "topic", partition: number % 4) }
      producer.serve()
      for index in active {
        let received = try members[index].receive(1_000, rebalancing: handlers[index])
        for message in received where message.kind == .record {
          #expect(handlers[index].owned.contains(message.topicPartition))
          seen.insert(message.topicPartition)
        }
      }
    }
    try members[0].subscribe(["topic"])
    try wait(for: "all partitions") {
      try step(0..<1)
      return handlers[0].owned.count == 4 && seen.count == 4
    }
    try members[1].subscribe(["topic"])
    // Leaves the first member time for a revocation to arrive behind records it has fetched.
    for _ in 0..<30 { try step(1..<2) }
    try wait(for: "two partitions each") {
      try step(0..<2)
      return handlers.allSatisfy { $0.owned.count == 2 }
    }
    for (member, handler) in zip(members, handlers) { try member.close(rebalancing: handler) }
  }

  @Test func startsWhereTheHandlerSays() throws {
    let cluster = try MockCluster()
    try cluster.createTopic("topic", partitions: 3)
    for partition in Int32(0)..<3 {
      try cluster.write(["0", "1", "2", "3"], to: "topic", partition: partition)
    }
    let topic = partitions("topic", 0, 1, 2)
    let consumer = try cluster.consumer()
    try consumer.commit([PartitionOffset(topic[2], 1)])
    let handler = Recorder()
    handler.starts = [topic[0]: 3, topic[1]: LogicalOffset.beginning]
    var committed: [TopicPartition: Int64] = [:]
    handler.onAssigned = { consumer throws(KafkaError) in
      committed = try consumer.committed(topic, timeoutMilliseconds: 10_000)
      let marks = try consumer.watermarks(of: topic[0], timeoutMilliseconds: 10_000)
      #expect(marks == Watermarks(low: 0, high: 4))
    }
    try consumer.subscribe(["topic"])
    let records = try consumer.records(1 + 4 + 3, rebalancing: handler)
    #expect(committed == [topic[2]: 1])
    let texts = topic.map { partition in
      records.filter { $0.topicPartition == partition }.map(\.text)
    }
    #expect(texts == [["3"], ["0", "1", "2", "3"], ["1", "2", "3"]])
    try consumer.close()
  }

  @Test func commitsWhileRevoked() throws {
    let cluster = try MockCluster()
    try cluster.createTopic("topic")
    try cluster.write(["0", "1"], to: "topic")
    let partition = partitions("topic", 0)[0]
    let consumer = try cluster.consumer()
    let handler = Recorder()
    handler.onRevoked = { consumer throws(KafkaError) in
      try consumer.commit([PartitionOffset(partition, 2)])
      #expect(try consumer.groupMetadata().isMember)
    }
    try consumer.subscribe(["topic"])
    _ = try consumer.records(2, rebalancing: handler)
    try consumer.close(rebalancing: handler)
    #expect(handler.events.last == .revoked([partition]))
    let next = try cluster.consumer()
    let committed = try next.committed([partition], timeoutMilliseconds: 10_000)
    #expect(committed == [partition: 2])

    // Without a handler partitions start where the group has committed.
    try cluster.write(["2"], to: "topic")
    try next.subscribe(["topic"])
    #expect(try next.records(1).map(\.text) == ["2"])
    try next.close()
  }

  @Test func throwsWhatTheHandlerThrows() throws {
    let cluster = try MockCluster()
    try cluster.createTopic("topic")
    let consumer = try cluster.consumer()
    let handler = Recorder()
    handler.onAssigned = { _ throws(KafkaError) in throw KafkaError.application("no checkpoint") }
    try consumer.subscribe(["topic"])
    let error = try #require(throws: KafkaError.self) {
      try wait(for: "the error") {
        _ = try consumer.receive(rebalancing: handler)
        return false
      }
    }
    #expect(error == KafkaError.application("no checkpoint"))
    #expect(try consumer.assignment().isEmpty)
    try consumer.close(rebalancing: handler)
  }

  /// A member that does not poll in time has lost its partitions, which is not a revocation.
  @Test func tellsLossFromRevocation() throws {
    let cluster = try MockCluster()
    try cluster.createTopic("topic")
    let consumer = try cluster.consumer(["max.poll.interval.ms": "6000"])
    let handler = Recorder()
    try consumer.subscribe(["topic"])
    try wait(for: "the partition") {
      _ = try consumer.receive(rebalancing: handler)
      return !handler.owned.isEmpty
    }
    // Commits refused as an unknown member's are what tells the client that it is out.
    cluster.push(
      Array(repeating: RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID, count: 20), for: .heartbeat)
    try wait(for: "the loss") {
      _ = try consumer.receive(rebalancing: handler)
      return handler.events.count >= 2
    }
    #expect(handler.events[1] == .lost(partitions("topic", 0)))
    try consumer.close(rebalancing: handler)
  }

  @Test func namesTheMemberOfAGeneration() throws {
    let cluster = try MockCluster()
    try cluster.createTopic("topic")
    let consumer = try cluster.consumer(["group.instance.id": "instance"])
    #expect(try !consumer.groupMetadata().isMember)
    let handler = Recorder()
    try consumer.subscribe(["topic"])
    try wait(for: "the partition") {
      _ = try consumer.receive(rebalancing: handler)
      return !handler.owned.isEmpty
    }
    let metadata = try consumer.groupMetadata()
    #expect(metadata.isMember)
    #expect(metadata.generation > 0)
    #expect(metadata.groupID == "group")
    #expect(metadata.instanceID == "instance")
    #expect(!metadata.memberID.isEmpty)
    try consumer.close(rebalancing: handler)
  }
}
