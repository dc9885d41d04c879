import Foundation
import System5Core
import System5Wire
import Testing

/// The example service beside a worker, with short intervals.
@Suite(.serialized, .enabled(if: Program.brokers != nil, "needs SYSTEM5_TEST_BROKERS"))
struct QueenIntegrationTests {
  @Test func whatItDoesIsInTheStoresAndItLearns() throws {
    let deployment = try Deployment()
    let worker = try deployment.startWorker()
    let queen = try Program.start(
      [
        "--brokers", try #require(Program.brokers), "--prefix", deployment.prefix,
        "--system", "machine", "--metric", "own", "--sample-seconds", "0.25",
        "--report-seconds", "1", "--recovery-seconds", "30", "--session-timeout-seconds", "2",
        "--exercise", "--exercise-every-seconds", "4", "--exercise-seconds", "2",
      ], in: deployment.folder, log: "queen.log", executable: Program.sibling("queen"))
    let queenProcess = RunningWorker(
      process: queen, folder: deployment.folder, logName: "queen.log")
    defer { if queen.isRunning { queenProcess.kill9() } }

    try wait(seconds: 120, "a pattern and an alert that is over: \(queenProcess.log)") {
      let log = queenProcess.log
      return log.contains("make a pattern") && log.contains("Asking for")
        && log.contains("Over: ")
    }
    #expect(try queenProcess.stop() == 0, "\(queenProcess.log)")

    let inputs = try deployment.records(of: Deployment.inputs)
    try deployment.waitUntilCommitted(inputs)
    #expect(try worker.stop() == 0, "\(deployment.log)")
    #expect(try deployment.published(mayRepeat: false).allSatisfy { !$0.id.hasPrefix("dead ") })
    let state = try deployment.state(of: "machine", inputs)
    #expect(state["policies"].count >= 1)
    #expect(state["adaptations"].count >= 3)
    #expect(state["patterns"].count == 1)
    let sources = try #require(state["variety"].first { $0.name == "sources" })
    #expect(
      Deployment.members(sources.value).map(\.name)
        == ["queen.own.responses", "queen.own.states"])
    #expect(
      inputs.contains {
        String(decoding: $0.value ?? [], as: UTF8.self).contains(
          "system5.knowledge.transfer-requested")
      })
  }
}

extension Deployment {
  static func members(_ value: JSONValue?) -> [JSONObject.Member] {
    if case .object(let object)? = value { object.members } else { [] }
  }

  /// The stores of one system as these records leave them, each with its members.
  func state(of system: String, _ inputs: [Seen]) throws -> StoredState {
    let file = folder.path("state.json")
    let derived = try Program.run([
      "derive", inputFile(inputs), "--prefix", prefix, "--state", file,
    ])
    try #require(derived.status == 0, "\(derived.errors)")
    let state = try JSONParser().value(of: Array(folder.read("state.json")), depth: 256)
    let systems = Deployment.members(state).first { $0.name == "systems" }?.value
    let found = Deployment.members(systems).first { $0.name == Text(system) }?.value
    return StoredState(stores: Deployment.members(found))
  }

  struct StoredState {
    let stores: [JSONObject.Member]

    subscript(name: Text) -> [JSONObject.Member] {
      Deployment.members(stores.first { $0.name == name }?.value)
    }
  }
}
