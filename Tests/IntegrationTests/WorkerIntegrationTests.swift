import Foundation
import Kafka
import System5Testing
import Testing

/// The built program against a real broker, as a user would run it.
@Suite(.serialized, .enabled(if: Program.brokers != nil, "needs SYSTEM5_TEST_BROKERS"))
struct WorkerIntegrationTests {
  /// How many records the tests that kill workers emit; more for a long run by hand.
  private static let records =
    ProcessInfo.processInfo.environment["SYSTEM5_TEST_RECORDS"].flatMap(Int.init) ?? 20_000

  private static let kills =
    ProcessInfo.processInfo.environment["SYSTEM5_TEST_KILLS"].flatMap(Int.init) ?? 2

  private func lines(_ count: Int, seed: UInt64, malformedPercent: Int = 1) -> [String] {
    var generator = EventGenerator(seed: seed)
    generator.malformedPercent = malformedPercent
    return (0..<count).map { _ in generator.next() }
  }

  @Test func everyResultIsPublishedAsDerivedAndAStopIsClean() throws {
    let deployment = try Deployment()
    try deployment.emit(lines(5000, seed: 1))
    let inputs = try deployment.records(of: Deployment.inputs)
    #expect(inputs.count == 5000)
    let worker = try deployment.startWorker()
    try deployment.waitUntilCommitted(inputs)
    #expect(try worker.stop() == 0, "\(deployment.log)")
    try deployment.expectResultsEqualDerived(inputs)
  }

  @Test func everyMalformedRecordIsADeadLetterOnceWithItsBytes() throws {
    let deployment = try Deployment()
    try deployment.emit(lines(3000, seed: 2, malformedPercent: 34))
    let inputs = try deployment.records(of: Deployment.inputs)
    let worker = try deployment.startWorker()
    try deployment.waitUntilCommitted(inputs)
    #expect(try worker.stop() == 0, "\(deployment.log)")
    let letters = try deployment.published().filter { $0.id.hasPrefix("dead ") }
    #expect(letters.count > 900)
    let originals = Dictionary(
      uniqueKeysWithValues: inputs.map {
        ("\($0.topicPartition.topic)-\($0.topicPartition.partition)@\($0.offset)", $0)
      })
    for letter in letters {
      let position = String(letter.id.split(separator: " ")[1])
      let original = try #require(originals[position])
      #expect(letter.key == original.key)
      #expect(letter.value == original.value)
    }
    try deployment.expectResultsEqualDerived(inputs)
  }

  @Test func killedWorkersLoseAndChangeNothing() throws {
    let deployment = try Deployment()
    try deployment.emit(lines(WorkerIntegrationTests.records, seed: 3))
    let inputs = try deployment.records(of: Deployment.inputs)
    // With its name kept, a worker ends the transaction that its predecessor left open; the local
    // broker never ends one by itself, and until then holds back the offsets of all later ones.
    let slowAndNamed = ["--set", "batch.records=200", "--instance", "one"]
    for kill in 1...WorkerIntegrationTests.kills {
      let worker = try deployment.startWorker(slowAndNamed)
      let share = inputs.count * kill / (WorkerIntegrationTests.kills + 2)
      try wait(seconds: 60, "\(share) records: \(deployment.log)") {
        try deployment.committedRecords(of: inputs) >= share || !worker.process.isRunning
      }
      try #require(worker.process.isRunning, "\(deployment.log)")
      worker.kill9()
    }
    let last = try deployment.startWorker(["--instance", "one"])
    try deployment.waitUntilCommitted(inputs)
    #expect(try last.stop() == 0, "\(deployment.log)")
    try deployment.expectResultsEqualDerived(inputs)
  }

  @Test func workersOfOneGroupShareTheWorkWhileRecordsFlow() throws {
    let deployment = try Deployment()
    let all = lines(WorkerIntegrationTests.records, seed: 4)
    let first = try deployment.startWorker()
    try deployment.emit(Array(all[..<(all.count / 3)]))
    let second = try deployment.startWorker()
    try second.waitUntilAssigned()
    try deployment.emit(Array(all[(all.count / 3)..<(all.count * 2 / 3)]))
    #expect(try first.stop() == 0, "\(deployment.log)")
    let third = try deployment.startWorker()
    try third.waitUntilAssigned()
    try deployment.emit(Array(all[(all.count * 2 / 3)...]))
    let inputs = try deployment.records(of: Deployment.inputs)
    try deployment.waitUntilCommitted(inputs)
    #expect(try second.stop() == 0, "\(deployment.log)")
    #expect(try third.stop() == 0, "\(deployment.log)")
    try deployment.expectResultsEqualDerived(inputs)
  }

  @Test func missingTopicsEndWithOneSentence() throws {
    let brokers = try #require(Program.brokers)
    let run = try Program.run([
      "run", "--brokers", brokers, "--prefix", "nowhere\(UInt32.random(in: 0 ... .max)).",
    ])
    #expect(run.status == 78)
    #expect(run.errors.contains("policy.events"))
  }
}

/// `derive` needs no broker.
@Suite struct DeriveTests {
  @Test func theSameFileGivesTheSameBytesInEveryProcess() throws {
    var generator = EventGenerator(seed: 5)
    let folder = try Folder()
    defer { folder.remove() }
    let file = try folder.write((0..<5000).map { _ in generator.next() }, to: "events.jsonl")
    let first = try Program.run(["derive", file, "--state", folder.path("state-0.json")])
    #expect(first.status == 0, "\(first.errors)")
    #expect(!first.output.isEmpty)
    for run in 1..<10 {
      let state = "state-\(run).json"
      let again = try Program.run(["derive", file, "--state", folder.path(state)])
      #expect(again.output == first.output)
      #expect(try folder.read(state) == folder.read("state-0.json"))
    }
  }

  @Test func aLineThatIsNoRecordLineIsBadData() throws {
    let folder = try Folder()
    defer { folder.remove() }
    let file = try folder.write(["{\"topic\":"], to: "events.jsonl")
    let derived = try Program.run(["derive", file])
    #expect(derived.status == 65)
    #expect(derived.errors.contains("events.jsonl:1"))
  }
}
