import Kafka
import System5Wire
import System5Worker

/// Whether a worker's board shows what its pipeline has committed, and nothing else.
enum BoardAudit {
  static func failures(_ process: SimulatedProcess) -> [String] {
    guard let pipeline = process.pipeline, let report = process.board.pipelines.first else {
      return []
    }
    let shown = report.shards.filter { $0.state != nil }
    let committed = pipeline.committedShards
    var failures: [String] = []
    if shown.map(\.partition) != committed.map(\.partition) {
      failures.append(
        "\(process.name) shows \(shown.map(\.partition)) and has \(committed.map(\.partition)).")
    }
    for (shown, committed) in zip(shown, committed)
    where shown.position != committed.position
      || shown.state?.systemCount != committed.state.systemCount
    {
      failures.append(
        "\(process.name) shows \(shown.partition) at \(shown.position), committed at "
          + "\(committed.position).")
    }
    return failures
  }
}
