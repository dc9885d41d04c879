import Foundation
import Kafka
import OwnThreads
import Synchronization
import System5Client
import System5Wire
import Testing

/// The client library against a real broker, and beside a worker.
@Suite(
  .ownThread, .serialized, .timeLimit(.minutes(2)),
  .enabled(if: Program.brokers != nil, "needs SYSTEM5_TEST_BROKERS"))
struct ClientIntegrationTests {
  private func connection(_ deployment: Deployment) throws -> System5Client.Connection {
    var connection = Connection(brokers: try #require(Program.brokers))
    connection.prefix = deployment.prefix
    return connection
  }

  private func consumer(
    _ deployment: Deployment, _ change: (inout ResultOptions) -> Void = { _ in }
  ) throws -> ResultConsumer {
    var options = ResultOptions(group: deployment.prefix + "client")
    options.sessionTimeout = .seconds(2)
    change(&options)
    return try ResultConsumer(try connection(deployment), options)
  }

  /// Writes alerts with these numbers as ids, all in one partition.
  private func publish(
    _ numbers: some Sequence<Int>, _ deployment: Deployment, partition: Int32 = 1
  ) throws {
    let producer = try Producer(configuration: [
      "bootstrap.servers": try #require(Program.brokers), "enable.idempotence": "true",
    ])
    for number in numbers {
      try producer.produce(
        topic: deployment.prefix + "alerts", partition: partition, key: Array("acme/a".utf8),
        value: Array(alert(number).utf8))
    }
    try producer.flush(timeoutMilliseconds: 20_000)
    #expect(producer.takeDeliveryFailure() == nil)
  }

  private func alert(_ number: Int) -> String {
    #"{"specversion":"1.0","id":"variety.events-0@\#(number)#0","source":"/system5/acme","#
      + #""type":"system5.alert.firing","subject":"a","time":"2026-11-23T08:00:00Z","#
      + #""data":{"system":"acme","alert":"a","kind":"requisite-variety","value":\#(number),"#
      + #""starts_at":"2026-11-23T08:00:00Z","episode":\#(number),"summary":"A gap."}}"#
  }

  @Test func whatIsSentIsAnsweredByTheWorker() async throws {
    let deployment = try Deployment()
    let worker = try deployment.startWorker()
    let producer = try EventProducer(try connection(deployment), source: "/acme/queen")
    let consumer = try consumer(deployment)
    let stored = try await producer.send(
      VarietyMeasured("environment", variety: 180), for: "acme", id: "m-1")
    try await producer.send(VarietyMeasured("system", variety: 150), for: "acme", id: "m-2")
    let fired = try await firstResult(of: consumer) { result in
      if case .alertFiring(let alert) = result.content { alert } else { nil }
    }
    #expect(fired.result.system == "acme")
    #expect(fired.result.cause == "m-2")
    #expect(fired.found.kind == .requisiteVariety)
    #expect(fired.found.value == 30)

    try await producer.send(VarietyMeasured("system", variety: 200), for: "acme", id: "m-3")
    let over = try await firstResult(of: consumer) { result in
      if case .alertResolved(let alert) = result.content { alert } else { nil }
    }
    #expect(over.found.id == fired.found.id)
    #expect(over.found.endsAt != nil)
    await consumer.shutdown()
    await producer.shutdown()

    let records = try deployment.records(of: ["variety.events"])
    #expect(records.count == 3)
    #expect(stored.topic == deployment.prefix + "variety.events")
    let first = try #require(records.first { $0.offset == stored.offset })
    #expect(first.topicPartition.partition == Int32(stored.partition))
    #expect(
      String(decoding: first.headers["content-type"] ?? [], as: UTF8.self)
        .hasPrefix("application/cloudevents+json"))
    try worker.waitUntilAssigned()
    #expect(try worker.stop() == 0, "\(deployment.log)")
  }

  @Test func everyEventIsAcknowledgedWithItsPlace() async throws {
    let deployment = try Deployment()
    var connection = try connection(deployment)
    // So few that callers have to wait for room.
    connection.properties["queue.buffering.max.messages"] = "10"
    let producer = try EventProducer(connection, source: "/acme/queen")
    let deliveries = try await withThrowingTaskGroup(of: (String, Delivery).self) { group in
      for number in 0..<300 {
        group.addTask {
          let system = "system-\(number % 17)"
          return (
            system,
            try await producer.send(
              PolicyStored("p-\(number)", data: ["n": .integer(Int64(number))]), for: system,
              id: "e-\(number)")
          )
        }
      }
      return try await group.reduce(into: [:]) { $0[$1.1.id] = $1 }
    }
    #expect(deliveries.count == 300)
    await producer.shutdown()
    let records = try deployment.records(of: ["policy.events"])
    #expect(records.count == 300)
    for record in records {
      let id = try id(of: record)
      let (system, delivery) = try #require(deliveries[id])
      #expect(delivery.offset == record.offset)
      #expect(Int32(delivery.partition) == record.topicPartition.partition)
      #expect(record.key == Array(system.utf8))
      let expected = Array(system.utf8).withUnsafeBytes { Murmur2.partition($0, count: 4) }
      #expect(record.topicPartition.partition == expected)
    }
    await #expect(throws: ProducerShutDown.self) {
      try await producer.send(PolicyRestored("p"), for: "acme")
    }
  }

  @Test func nothingHandledIsRepeatedAndNothingElseIsLostOverARestart() async throws {
    let deployment = try Deployment()
    try publish(0..<100, deployment)
    var seen: [Int] = []
    // 30 are handled, the 31st is in hand; then one that stops between two results.
    let first = try consumer(deployment)
    for try await result in first.results {
      seen.append(episode(result))
      if seen.count == 31 { break }
    }
    await first.shutdown()
    seen.removeLast()
    let second = try consumer(deployment)
    for try await result in second.results {
      seen.append(episode(result))
      if seen.count == 60 { break }
    }
    second.acknowledge()
    await second.shutdown()
    let third = try consumer(deployment) { $0.buffer = 10 }
    for try await result in third.results {
      seen.append(episode(result))
      if seen.count == 100 { break }
    }
    await third.shutdown()
    #expect(seen == Array(0..<100))
  }

  @Test func resultsThatComeAgainAreDropped() async throws {
    let deployment = try Deployment()
    try publish([0, 1, 2, 1, 2, 3, 0, 4], deployment)
    let consumer = try consumer(deployment)
    var seen: [Int] = []
    for try await result in consumer.results {
      seen.append(episode(result))
      if seen.last == 4 { break }
    }
    #expect(seen == [0, 1, 2, 3, 4])
    consumer.acknowledge()
    await consumer.shutdown()
    // What was passed over is committed with what came after it.
    try publish([5], deployment)
    let again = try self.consumer(deployment)
    let next = try await firstResult(of: again) { episode($0) }
    #expect(next.found == 5)
    await again.shutdown()
  }

  /// Two members of a group: whatever moves between them, every result is handled by one at least.
  @Test func membersOfAGroupShareTheResults() async throws {
    let deployment = try Deployment()
    let (first, second) = (try consumer(deployment), try consumer(deployment))
    let (ones, others) = (Episodes(), Episodes())
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await read(first, into: ones) }
      group.addTask { try await read(second, into: others) }
      // The local broker waits for ever for a member that leaves while another one joins: so until
      // both have their share.
      var published = 0
      try wait(seconds: 60, "results for both members") {
        published = try publishRound(published, deployment)
        return !ones.all.isEmpty && !others.all.isEmpty
      }
      await first.shutdown()
      published = try publishRound(published, deployment)
      try wait(seconds: 60, "the rest") { ones.all.union(others.all) == Set(0..<published) }
      await second.shutdown()
      try await group.waitForAll()
    }
  }

  private func read(_ consumer: ResultConsumer, into episodes: Episodes) async throws {
    for try await result in consumer.results { episodes.insert(episode(result)) }
  }

  /// One alert more in each partition; answers how many there are then.
  private func publishRound(_ published: Int, _ deployment: Deployment) throws -> Int {
    for partition in 0..<4 {
      try publish([published + partition], deployment, partition: Int32(partition))
    }
    return published + 4
  }

  @Test func aBrokerThatIsNotThereIsSaidInTime() async throws {
    let producer = try EventProducer(
      Connection(brokers: "127.0.0.1:1"), source: "/acme", deliveryTimeout: .seconds(1))
    let failure = await #expect(throws: KafkaFailure.self) {
      try await producer.send(PolicyRestored("p"), for: "acme")
    }
    #expect(failure?.kind == .unavailable)
    #expect(await error { $0.cancelAll() } as? CancellationError != nil)
    #expect(
      await error { _ in await producer.shutdown(within: .milliseconds(50)) } as? ProducerShutDown
        != nil)

    /// What is thrown by sending while something else is done.
    func error(_ other: (inout TaskGroup<(any Error)?>) async -> Void) async -> (any Error)? {
      await withTaskGroup(of: (any Error)?.self) { group in
        group.addTask {
          do {
            try await producer.send(PolicyRestored("p"), for: "acme")
            return nil
          } catch {
            return error
          }
        }
        await other(&group)
        return await group.next() ?? nil
      }
    }
  }

  @Test func topicsThatAreNotThereEndTheSequence() async throws {
    var connection = Connection(brokers: try #require(Program.brokers))
    connection.prefix = "nowhere\(UInt32.random(in: 0 ... .max))."
    let consumer = try ResultConsumer(connection, ResultOptions(group: "nobody"))
    let failure = await #expect(throws: KafkaFailure.self) {
      for try await _ in consumer.results {}
    }
    #expect(failure?.kind == .missingTopic)
    await consumer.shutdown()
  }

  private func episode(_ result: ResultEvent) -> Int {
    if case .alertFiring(let alert) = result.content { alert.episode } else { -1 }
  }

  private func id(of record: Deployment.Seen) throws -> String {
    let object = try JSONSerialization.jsonObject(with: Data(record.value ?? []))
    return try #require((object as? [String: Any])?["id"] as? String)
  }

  /// Reads until there is what is looked for.
  private func firstResult<Found>(
    of consumer: ResultConsumer, _ find: (ResultEvent) -> Found?
  ) async throws -> (result: ResultEvent, found: Found) {
    for try await result in consumer.results {
      if let found = find(result) {
        consumer.acknowledge()
        return (result, found)
      }
    }
    throw TimedOut(what: "a result")
  }
}

/// The episodes of the results that one consumer has handled.
private final class Episodes: Sendable {
  private let seen = Mutex<Set<Int>>([])

  var all: Set<Int> { seen.withLock { $0 } }

  func insert(_ episode: Int) { seen.withLock { _ = $0.insert(episode) } }
}
