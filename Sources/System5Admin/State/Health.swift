import Kafka
import System5Core
import System5Wire
import System5Worker

/// Whether the worker makes progress, and whether its partitions are there to be asked.
struct Health: Sendable {
  /// How long a loop may take for one turn before something must be wrong with it. The brokers'
  /// being away is nothing: waiting for them is progress.
  let patience: Duration

  func checkLive(_ pipelines: [PipelineReport], now: ContinuousClock.Instant = .now) throws(Problem)
  {
    for pipeline in pipelines where pipeline.phase != .ended {
      let silence = now - pipeline.beatAt
      guard silence > patience else { continue }
      throw Problem(
        .notLive,
        "Pipeline \(pipeline.number) has made no progress for \(silence.components.seconds) s.")
    }
  }

  /// The health of each store.
  func readiness(_ pipelines: [PipelineReport]) throws(Problem) -> [OrderedJSON.Member] {
    let stores = InputTopic.allCases.map { StoreHealth($0, pipelines) }
    let hasJoined = !pipelines.isEmpty && pipelines.allSatisfy { $0.phase == .running }
    let isReady = hasJoined && stores.allSatisfy(\.isReady)
    let members = stores.map { OrderedJSON.Member($0.name, $0.json) }
    if isReady { return [.init("status", .string("ready"))] + members }
    let detail =
      hasJoined
      ? "Partitions are being restored." : "Not every pipeline is a member of the group yet."
    throw Problem(.notReady, detail).retrying(after: 1).adding(members)
  }
}

/// How the partitions of one store stand.
struct StoreHealth {
  let name: String
  private let shards: [ShardReport]

  init(_ input: InputTopic, _ pipelines: [PipelineReport]) {
    name = StoreHealth.name(of: input)
    shards = pipelines.flatMap(\.shards).filter { $0.input == input }
  }

  static func name(of input: InputTopic) -> String {
    switch input {
    case .policy: "policy_store"
    case .adaptation: "adaptation_store"
    case .variety: "variety_metrics_store"
    }
  }

  var isReady: Bool { shards.allSatisfy { $0.state != nil } }

  var json: OrderedJSON {
    let restoring = shards.count { $0.state == nil }
    return .object([
      .init("status", .string(restoring > 0 ? "restoring" : "ready")),
      .init("partitions", .integer(Int64(shards.count))),
      .init("restoring", .integer(Int64(restoring))),
      .init(
        "progress",
        .list(
          shards.compactMap { shard in
            StatusJSON.progress(shard).map {
              .object([.init("partition", .integer(Int64(shard.partition.partition)))] + $0.members)
            }
          })),
    ])
  }
}
