import Foundation
import System5Core
import System5Testing
import System5Wire
import Testing

/// What a worker answers over HTTP, asked as a user would, against what `derive` makes of the same
/// records.
@Suite(.serialized, .enabled(if: Program.brokers != nil, "needs SYSTEM5_TEST_BROKERS"))
struct QueryIntegrationTests {
  private func object(_ data: Data) throws -> JSONObject {
    let value = try JSONParser().value(of: Array(data), depth: 256)
    guard case .object(let object) = value else { throw TimedOut(what: "an object") }
    return object
  }

  private func members(_ value: JSONValue?) -> [JSONObject.Member] {
    if case .object(let object)? = value { object.members } else { [] }
  }

  private func elements(_ value: JSONValue?) -> [JSONValue] {
    if case .array(let elements)? = value { elements } else { [] }
  }

  private func get(_ worker: RunningWorker, _ arguments: [String]) throws -> JSONObject {
    let got = try Program.run(
      ["get"] + arguments + ["--json", "--url", "http://\(try worker.address())"])
    try #require(got.status == 0, "\(arguments): \(got.errors)")
    return try object(got.output)
  }

  @Test func answersAreWhatDeriveMakesOfTheSameRecords() throws {
    let deployment = try Deployment()
    var generator = EventGenerator(seed: 31, systems: 5)
    try deployment.emit((0..<4000).map { _ in generator.next() })
    let inputs = try deployment.records(of: Deployment.inputs)
    let worker = try deployment.startWorker()
    try deployment.waitUntilCommitted(inputs)
    let state = deployment.folder.path("state.json")
    let derived = try Program.run([
      "derive", deployment.inputFile(inputs), "--prefix", deployment.prefix, "--state", state,
    ])
    try #require(derived.status == 0, "\(derived.errors)")
    let systems = members(try object(deployment.folder.read("state.json"))["systems"])
    #expect(systems.count == 5)
    for system in systems { try compare(system, worker) }
    let listed = try get(worker, ["systems"])
    #expect(elements(listed["systems"]).count == 5)
    #expect(try worker.stop() == 0, "\(deployment.log)")
  }

  private func compare(_ system: JSONObject.Member, _ worker: RunningWorker) throws {
    let expected = members(system.value)
    for list in ["policies", "adaptations", "patterns", "alerts"] {
      let got = try get(worker, [list, system.name.string, "--limit", "1000"])
      #expect(got["next_cursor"] == .null)
      let found = elements(got[Text(list)])
      let wanted = members(expected.first { $0.name == Text(list) }?.value).map(\.value)
      #expect(found == wanted, "\(system.name) \(list)")
    }
    let sources = elements(
      try get(worker, ["variety", system.name.string])["sources"]
    ).map { source in
      JSONValue.object(JSONObject(members(source).filter { $0.name != "thresholds" }))
    }
    let variety = members(expected.first { $0.name == "variety" }?.value)
    let measured = members(variety.first { $0.name == "sources" }?.value).map(\.value)
    #expect(sources.filter { members($0).contains { $0.name == "time" } } == measured)
  }

  @Test func theTerminalShowsHowAWorkerStands() throws {
    let deployment = try Deployment()
    let token = try deployment.folder.write(["open-sesame"], to: "token")
    let worker = try deployment.startWorker(["--set", "http.token.file=\(token)"])
    try wait(seconds: 60, "a worker that is ready: \(deployment.log)") {
      let status = try Program.run([
        "status", "--url", "http://\(try worker.address())", "--token-file", token,
      ])
      return status.status == 0
        && String(decoding: status.output, as: UTF8.self).contains("12 of 12 partitions live")
    }
    let url = "http://\(try worker.address())"
    let refused = try Program.run(["status", "--url", url])
    #expect(refused.status == 77, "\(refused.errors)")
    let unknown = try Program.run([
      "get", "policies", "acme", "none", "--url", url, "--token-file", token,
    ])
    #expect(unknown.status == 65)
    let unused = try Program.run(["status", "--url", "http://127.0.0.1:1"])
    #expect(unused.status == 69)
    let json = try Program.run(["status", "--json", "--url", url, "--token-file", token])
    #expect(try object(json.output)["shards"] != nil)
    #expect(try worker.stop() == 0, "\(deployment.log)")
  }

  @Test func aPortInUseIsAnErrorOfConfiguration() throws {
    let deployment = try Deployment()
    let first = try deployment.startWorker()
    let second = try deployment.startWorker(["--set", "http.bind=\(try first.address())"])
    #expect(try second.exitStatus() == 78)
    #expect(second.log.contains("cannot listen on \(try first.address()): Address already in use"))
    try first.waitUntilAssigned()
    #expect(try first.stop() == 0, "\(deployment.log)")
  }
}

extension RunningWorker {
  /// Where it answers over HTTP, once it does.
  func address() throws -> String {
    try wait(seconds: 30, "the address of \(logName): \(log)") {
      log.contains("HTTP is served") || !process.isRunning
    }
    let line = log.split(separator: "\n").first { $0.contains("HTTP is served") } ?? ""
    return line.split(separator: " ").first { $0.hasPrefix("advertised=") }
      .map { String($0.dropFirst("advertised=".count)) } ?? ""
  }
}
