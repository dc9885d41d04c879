import HTTPTypes
import Kafka
import System5Core
import System5Wire
import System5Worker
import Testing

@testable import System5Admin

@Suite struct HealthTests {
  @Test func aLoopThatStandsStillIsNotLive() throws {
    let health = Health(patience: .seconds(30))
    let now = ContinuousClock.now
    var report = PipelineReport(number: 0, phase: .running, beatAt: now - .seconds(29))
    report.isBrokerAway = true
    try health.checkLive([report], now: now)
    report.beatAt = now - .seconds(31)
    let problem = #expect(throws: Problem.self) { try health.checkLive([report], now: now) }
    #expect(problem?.kind == .notLive)
    #expect(problem?.detail == "Pipeline 0 has made no progress for 31 s.")
    report.phase = .ended
    try health.checkLive([report], now: now)
    try health.checkLive([], now: now)
  }

  @Test func aMemberWithoutPartitionsIsReady() async throws {
    let board = Knowledge().board { $0.shards = [] }
    try await serving(board) { client in
      let got = try await client.get("/readyz")
      #expect(got.status == 200)
      #expect(got.text(of: "status") == "ready")
      for store in ["policy_store", "adaptation_store", "variety_metrics_store"] as [Text] {
        guard case .object(let health)? = got[store] else {
          Issue.record("no \(store)")
          continue
        }
        #expect(health["partitions"] == 0)
      }
    }
  }

  @Test func whoeverHasNotJoinedIsNotReady() async throws {
    for phase in [PipelineReport.Phase.starting, .joining, .ended] {
      try await serving(Knowledge().board { $0.phase = phase }) { client in
        let got = try await client.get("/readyz")
        #expect(got.problem == "not-ready" && got.status == 503)
        #expect(got.headers[.retryAfter] != nil)
      }
    }
    try await serving(WorkerBoard()) { client in
      #expect(try await client.get("/readyz").problem == "not-ready")
      let state = try await client.get("/v1/systems/acme/policies")
      #expect(state.problem == "no-owner" && state.headers[.retryAfter] != nil)
      #expect(try await client.get("/v1/systems").list("systems").isEmpty)
    }
  }

  @Test func aPartitionThatIsTakenOverSaysHowFarItIs() async throws {
    var knowledge = Knowledge()
    try knowledge.take("policy.stored", #"{"policy":"p","data":{}}"#)
    let partition = try #require(knowledge.reports.first { $0.knows("acme") }).partition
    let statuses: [(ShardReport.Status, String)] = [
      (.takingOver(progress: "half"), "checkpoint"), (.restoring(target: 40), "target"),
    ]
    for (status, word) in statuses {
      let board = knowledge.board { report in
        for index in report.shards.indices where report.shards[index].partition == partition {
          report.shards[index].status = status
          report.shards[index].state = nil
        }
      }
      try await serving(board) { client in
        let got = try await client.get("/v1/systems/acme/policies/p")
        #expect(got.problem == "takeover" && got.status == 503)
        #expect(got.headers[.retryAfter] == "1")
        guard case .object(let progress)? = got["progress"] else {
          Issue.record("\(got.text)")
          return
        }
        #expect(progress[Text(word)] != nil)
        let ready = try await client.get("/readyz")
        #expect(ready.problem == "not-ready")
        guard case .object(let health)? = ready["policy_store"] else {
          Issue.record("\(ready.text)")
          return
        }
        #expect(health["restoring"] == 1 && health["status"] == "restoring")
        let shards = try await client.all("/v1/shards", "shards", limit: 5)
        #expect(shards.count == 12)
      }
    }
  }

  @Test func statisticsAreInNumbers() async throws {
    let knowledge = try Knowledge.generated(3000, seed: 5, systems: 2)
    try await serving(knowledge.board()) { client in
      let got = try await client.get("/v1/statistics")
      #expect(got.list("systems").count == 2)
      for element in got.list("systems") {
        guard case .object(let system) = element, case .string(let name)? = system["system"],
          case .object(let derived)? = knowledge.derived[name]
        else {
          Issue.record("\(element)")
          continue
        }
        func count(_ list: Text) -> JSONValue {
          guard case .object(let object)? = derived[list] else { return 0 }
          return .number(JSONNumber(Int64(object.members.count)))
        }
        #expect(system["policy_count"] == count("policies"))
        #expect(system["adaptation_count"] == count("adaptations"))
        #expect(system["pattern_count"] == count("patterns"))
        let root = "/v1/systems/\(name)"
        let requisite = try await client.get("\(root)/variety/requisite")
        for member in ["variety_gap", "requisite_variety_met", "coverage_ratio"] as [Text] {
          #expect(system[member] == requisite[member])
        }
        let metrics = try await client.get("\(root)/adaptations/metrics")
        #expect(system["adaptation_success_rate"] == metrics["overall_success_rate"])
      }
    }
  }

  @Test func theRateIsThatOfTheLastSecondWhoeverAsks() {
    var rate = RecordRate()
    let start = ContinuousClock.now
    #expect(rate.perSecond(100, at: start) == 0)
    #expect(rate.perSecond(600, at: start + .seconds(1)) == 500)
    #expect(rate.perSecond(700, at: start + .milliseconds(1100)) == 500)
    #expect(rate.perSecond(1600, at: start + .seconds(3)) == 500)
    #expect(rate.perSecond(0, at: start + .seconds(4)) == 0)
  }
}
