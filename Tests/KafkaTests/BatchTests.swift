import Kafka
import OwnThreads
import Testing

@Suite(.ownThread) struct BatchTests {
  @Test func takesMoreThanABufferInOrder() throws {
    let cluster = try MockCluster()
    try cluster.createTopic("topic")
    let values = (0..<250).map { "\($0)" }
    try cluster.write(values, to: "topic")
    let reader = try cluster.reader([PartitionOffset(topic: "topic", partition: 0, offset: 0)])
    var received: [Received] = []
    var largest = 0
    try wait(for: "all records") {
      let batch = try reader.receive(64)
      largest = max(largest, batch.count)
      received += batch.filter { $0.kind == .record }
      return received.count >= values.count
    }
    #expect(received.map(\.text) == values)
    #expect(largest == 64)
  }

  /// librdkafka's own batch call would wait for the rest of the batch.
  @Test func doesNotWaitForAFullBatch() throws {
    let cluster = try MockCluster()
    try cluster.createTopic("topic")
    try cluster.write(["a"], to: "topic")
    let reader = try cluster.reader([PartitionOffset(topic: "topic", partition: 0, offset: 0)])
    let start = ContinuousClock.now
    let batch = try reader.poll(maxRecords: 100, timeoutMilliseconds: 15_000)
    #expect(batch.count > 0)
    #expect(ContinuousClock.now - start < .seconds(10))
  }

  @Test func keepsABatchThatOutlivesThePoll() throws {
    let cluster = try MockCluster()
    try cluster.createTopic("topic")
    try cluster.write(["a", "b"], to: "topic")
    let reader = try cluster.reader([PartitionOffset(topic: "topic", partition: 0, offset: 0)])
    let first = try reader.poll(maxRecords: 1, timeoutMilliseconds: 10_000)
    let second = try reader.poll(maxRecords: 1, timeoutMilliseconds: 10_000)
    #expect(first.withMessage(at: 0) { Received($0).text } == "a")
    #expect(second.withMessage(at: 0) { Received($0).text } == "b")
  }

  @Test func keepsABatchThatOutlivesTheConsumer() throws {
    let cluster = try MockCluster()
    try cluster.createTopic("topic")
    try cluster.write(["a"], to: "topic")
    func readOnce() throws -> MessageBatch {
      let reader = try cluster.reader([PartitionOffset(topic: "topic", partition: 0, offset: 0)])
      let batch = try reader.poll(maxRecords: 1, timeoutMilliseconds: 10_000)
      try reader.close()
      return batch
    }
    let batch = try readOnce()
    #expect(batch.withMessage(at: 0) { Received($0).text } == "a")
  }

  /// Memory that grew with each poll would show here: the values alone are 100 MB. (An
  /// address sanitizer keeps what is freed for a while, which this takes for a leak.)
  @Test func aThousandPollsLeakNothing() throws {
    let cluster = try MockCluster()
    try cluster.createTopic("topic")
    try cluster.write((0..<500).map { _ in String(repeating: "x", count: 10_000) }, to: "topic")
    let start = PartitionOffset(topic: "topic", partition: 0, offset: 0)
    let reader = try cluster.reader([start])
    let before = try residentMegabytes()
    for _ in 0..<20 {
      try reader.seek([start], timeoutMilliseconds: 60_000)
      #expect(try reader.records(500, maxRecords: 10).last?.offset == 499)
    }
    #expect(try residentMegabytes() - before < 60)
  }
}
