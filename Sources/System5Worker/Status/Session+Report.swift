import Kafka
import System5Core

/// What is put on the board: committed states and where they stand.
extension Session {
  /// Called after every commit, rebalance and step of a takeover, and once a second.
  func report() {
    guard let board = setup.board else { return }
    let hasJoined = membership?.isMember == true && isAssigned
    var report = PipelineReport(
      number: setup.number, phase: hasJoined ? .running : .joining, beatAt: now)
    report.isBrokerAway = setup.watch.isBrokerAway
    report.topics = layout.inputReports
    report.shards = (waitingReports + tasksInOrder.map(\.report))
      .sorted { $0.partition < $1.partition }
    board.put(report)
  }

  private var waitingReports: [ShardReport] {
    if takeovers.isEmpty { return [] }
    let progress = checkpoints.loadProgress
    return takeovers.values.map { takeover in
      let request = takeover.request
      var report = ShardReport(
        partition: request.partition, input: request.input,
        status: .takingOver(progress: progress), position: request.committed ?? 0)
      report.committed = request.committed
      return report
    }
  }
}

extension ShardTask {
  fileprivate var report: ShardReport {
    let isRestoring = progress.isRestoring
    let committed = committed
    var report = ShardReport(
      partition: progress.partition, input: committed.input,
      status: isRestoring ? .restoring(target: progress.publishFrom) : .live,
      position: isRestoring ? progress.position : committed.position,
      state: isRestoring ? nil : committed.state)
    report.committed = progress.committed
    report.logEnd = logEnd.map { max($0, progress.position) }
    report.lag = logEnd.map { max(0, $0 - progress.position) }
    report.newestRecord = newestRecord
    report.applied = applied
    return report
  }
}

extension TopicLayout {
  fileprivate var inputReports: [InputReport] {
    InputTopic.allCases.map { input in
      let name = name(of: input)
      return InputReport(input: input, topic: name, partitionCount: partitionCount(of: name))
    }
  }
}
