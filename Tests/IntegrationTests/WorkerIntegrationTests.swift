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
    try deployment.expectResultsEqualDerived(inputs, mayRepeat: false)
  }

  @Test func everyMalformedRecordIsADeadLetterOnceWithItsBytes() throws {
    let deployment = try Deployment()
    try deployment.emit(lines(3000, seed: 2, malformedPercent: 34))
    let inputs = try deployment.records(of: Deployment.inputs)
    let worker = try deployment.startWorker()
    try deployment.waitUntilCommitted(inputs)
    #expect(try worker.stop() == 0, "\(deployment.log)")
    let letters = try deployment.published(mayRepeat: false).filter { $0.id.hasPrefix("dead ") }
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
    try deployment.expectResultsEqualDerived(inputs, mayRepeat: false)
  }

  /// Where no results follow, too: the local broker puts off the offsets of transactions without
  /// records, and would take the group back to them with the next that has one.
  @Test func everyCommitIsKept() throws {
    let deployment = try Deployment()
    let worker = try deployment.startWorker()
    for number in 1...4 {
      try deployment.emit([
        #"{"topic":"system5.policy.events","key":"acme","#
          + #""value":{"specversion":"1.0","id":"e-\#(number)","source":"/test","#
          + #""type":"system5.policy.stored","data":{"policy":"p","data":{"n":\#(number)}}}}"#
      ])
      let inputs = try deployment.records(of: Deployment.inputs)
      try #require(inputs.count == number)
      try deployment.waitUntilCommitted(inputs, seconds: 20)
    }
    try deployment.emit([#"{"topic":"system5.variety.events","key":"acme","value":"no event"}"#])
    let inputs = try deployment.records(of: Deployment.inputs)
    try #require(inputs.count == 5)
    try deployment.waitUntilCommitted(inputs, seconds: 20)
    #expect(try worker.stop() == 0, "\(deployment.log)")
    try deployment.expectResultsEqualDerived(inputs, mayRepeat: false)
  }

  /// Without transactions, and with more than one loop in the process.
  @Test func severalPipelinesPublishTheSameAtLeastOnce() throws {
    let deployment = try Deployment()
    try deployment.emit(lines(3000, seed: 6))
    let inputs = try deployment.records(of: Deployment.inputs)
    let worker = try deployment.startWorker([
      "--delivery", "at-least-once", "--pipelines", "2",
    ])
    try deployment.waitUntilCommitted(inputs)
    #expect(worker.log.contains("pipeline=1"))
    #expect(try worker.stop() == 0, "\(deployment.log)")
    try deployment.expectResultsEqualDerived(inputs)
  }

  /// Two workers of a group, either killed at any moment while records come, and started again.
  ///
  /// They keep their names, so that each ends the transaction that its predecessor left open: the
  /// local broker never ends one by itself, and until then holds back the offsets of all later ones.
  /// It also loses offsets whose commit it has acknowledged, where transactions overlap with one that
  /// was left open; a worker that has a checkpoint beyond them stops and says so, hence none here.
  /// They are no static members: it does not let the static leader of a group in again.
  @Test func killedWorkersLoseAndChangeNothing() throws {
    let deployment = try Deployment()
    let all = lines(WorkerIntegrationTests.records, seed: 3)
    let names = ["one", "two"]
    func start(_ name: String) throws -> RunningWorker {
      try deployment.startWorker([
        "--instance", name, "--set", "membership=dynamic", "--set", "batch.records=200",
        "--set", "checkpoint.records=1000000000", "--set", "checkpoint.interval.ms=86400000",
      ])
    }
    var workers = try names.map(start)
    var random = SplitMix64(seed: 3)
    let share = all.count / WorkerIntegrationTests.kills
    for kill in 0..<WorkerIntegrationTests.kills {
      try deployment.waitUntilSettled(workers)
      let emitting = try deployment.startEmitting(Array(all[(kill * share)..<((kill + 1) * share)]))
      let moment = Date(timeIntervalSinceNow: 0.9 + Double(random.next() % 800) / 1000)
      try wait(seconds: 5, "the moment to come") { Date() >= moment }
      let victim = Int(random.next() % 2)
      try #require(workers[victim].process.isRunning, "\(deployment.log)")
      workers[victim].kill9()
      workers[victim] = try start(names[victim])
      emitting.waitUntilExit()
      #expect(emitting.terminationStatus == 0)
    }
    let inputs = try deployment.records(of: Deployment.inputs)
    #expect(inputs.count == share * WorkerIntegrationTests.kills)
    try deployment.waitUntilCommitted(inputs)
    try deployment.waitUntilSettled(workers)
    for worker in workers {
      #expect(try worker.stop() == 0, "\(deployment.log)")
    }
    try deployment.expectResultsEqualDerived(inputs)
    let verified = try deployment.tool(["replay", "--verify"])
    #expect(verified.status == 0, "\(verified.errors)")
  }

  @Test func workersOfOneGroupShareTheWorkWhileRecordsFlow() throws {
    let deployment = try Deployment()
    let all = lines(WorkerIntegrationTests.records, seed: 4)
    let first = try deployment.startWorker()
    try deployment.emit(Array(all[..<(all.count / 3)]))
    let second = try deployment.startWorker()
    try deployment.waitUntilSettled([first, second])
    try deployment.emit(Array(all[(all.count / 3)..<(all.count * 2 / 3)]))
    #expect(try first.stop() == 0, "\(deployment.log)")
    let third = try deployment.startWorker()
    try deployment.waitUntilSettled([second, third])
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
      "--set", "http.bind=off",
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
