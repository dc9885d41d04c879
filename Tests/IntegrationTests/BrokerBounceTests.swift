import Foundation
import System5Testing
import Testing

private let bounces =
  ProcessInfo.processInfo.environment["SYSTEM5_TEST_BOUNCES"].flatMap(Int.init) ?? 0

/// A broker of the test's own, killed and started again under a running worker.
///
/// Its storage takes minutes to set up the first time, so the suite has a switch of its own, which
/// `deploy/test.sh --bounces N` sets.
@Suite(
  .serialized,
  .enabled(if: bounces > 0, "needs SYSTEM5_TEST_BOUNCES"))
struct BrokerBounceTests {
  @Test func theWorkerGoesOnByItself() throws {
    let broker = try DurableBroker()
    defer { broker.stop() }
    let deployment = try Deployment(brokers: broker.address)
    let worker = try deployment.startWorker([
      "--instance", "one", "--set", "membership=dynamic", "--set", "batch.records=50",
      "--log-level", "debug", "--set", "kafka.debug=eos",
    ])
    var generator = EventGenerator(seed: 11)
    for _ in 0..<bounces {
      try worker.waitUntilAssigned()
      try deployment.emit((0..<1000).map { _ in generator.next() })
      try broker.bounce()
      #expect(worker.process.isRunning, "\(deployment.log)")
    }
    let inputs = try deployment.records(of: Deployment.inputs)
    #expect(inputs.count == 1000 * bounces)
    try deployment.waitUntilCommitted(inputs, seconds: 180)
    #expect(try worker.stop() == 0, "\(deployment.log)")
    #expect(worker.log.contains("waiting for one"))
    #expect(worker.log.contains("Kafka is back"))
    try deployment.expectResultsEqualDerived(inputs, lostByBroker: claimedTwice(worker.log))
  }
}

/// How many messages the broker said it had already.
///
/// It keeps the sequence number of a batch and its records apart: killed in between, it takes the
/// batch for a repetition when it comes again, and has lost it.
private func claimedTwice(_ log: String) -> Int {
  log.split(separator: "\n").filter { $0.contains("DUPSEQ") }.reduce(0) { sum, line in
    let words = line.split(separator: " ")
    let place = words.firstIndex { $0.hasPrefix("message(s)") } ?? 0
    return sum + (place > 0 ? Int(words[place - 1]) ?? 0 : 0)
  }
}

/// A broker whose records outlive it.
private struct DurableBroker {
  let address: String
  private let name: String

  init() throws {
    name = "bounce-\(ProcessInfo.processInfo.processIdentifier)"
    try LocalBroker.run(["start", "--durable", "--name", name])
    let env = try LocalBroker.run(["env", "--name", name])
    let line = env.split(separator: "\n").first { $0.hasPrefix("export SYSTEM5_BROKERS=") }
    address = String(try #require(line?.split(separator: "=").last))
  }

  func bounce() throws { try LocalBroker.run(["bounce", "--name", name]) }
  func stop() { _ = try? LocalBroker.run(["stop", "--name", name]) }
}
