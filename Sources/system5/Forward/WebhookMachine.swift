import Kafka
import System5Core
import System5Wire

/// Delivers each event by itself, one after another in the order of the log.
struct WebhookMachine: ForwardMachine {
  var progress = ForwardProgress()
  private let schedule: RetrySchedule
  private let attempts: Int
  private var queue: [AlertRecord] = []
  private var seen: [TopicPartition: SeenIDs] = [:]
  private var state = State.idle

  private enum State: Equatable {
    case idle
    /// The first of the queue has failed so often, and is not tried before that time.
    case waiting(failures: Int, until: Timestamp)
    case posting(failures: Int)
    case burying(code: String, message: String)
  }

  /// The most records read and not delivered; a poll may go beyond.
  private static let longestQueue = 1_000

  /// - Parameter attempts: how often a delivery is tried; 1 or more.
  init(schedule: RetrySchedule = RetrySchedule(), attempts: Int) {
    self.schedule = schedule
    self.attempts = max(1, attempts)
  }

  var wantsRecords: Bool { queue.count < Self.longestQueue }

  mutating func assigned(_ partition: TopicPartition, committed: Int64?) {
    progress.assigned(partition, committed: committed)
    seen[partition] = SeenIDs()
  }

  /// What is in hand is finished, and counts for nobody.
  mutating func dropped(_ partition: TopicPartition) {
    progress.dropped(partition)
    seen[partition] = nil
    let inHand = isBusy ? queue.first : nil
    if case .waiting = state, queue.first?.partition == partition { state = .idle }
    queue.removeAll { $0.partition == partition && $0 != inHand }
  }

  mutating func arrived(_ record: AlertRecord, at now: Timestamp) {
    let isNew = record.id.map { seen[record.partition]?.insert($0) ?? false } ?? false
    let isOpen =
      isNew && record.alert != nil && !progress.wasDelivered(record.partition, record.offset)
    progress.read(record.partition, record.offset, isOpen: isOpen)
    if isOpen { queue.append(record) }
  }

  mutating func next(at now: Timestamp) -> ForwardStep {
    guard let record = queue.first else { return .wait }
    switch state {
    case .posting: return .wait
    case .burying(let code, let message): return .bury([record], code: code, message: message)
    case .waiting(let failures, let until):
      guard now >= until else { return .wait }
      state = .posting(failures: failures)
    case .idle: state = .posting(failures: 0)
    }
    return .post(Self.post(record))
  }

  mutating func ended(_ outcome: PostOutcome, at now: Timestamp, chance: Double) {
    guard case .posting(let before) = state, let record = queue.first else { return }
    switch outcome {
    case .delivered: finish()
    case _ where !progress.owns(record.partition): finish()
    case .refused(let reason): state = .burying(code: "webhook-refused", message: reason)
    case .failed(let reason, let asked):
      let failures = before + 1
      guard failures < attempts else {
        state = .burying(
          code: "webhook-unavailable",
          message: "The last of \(failures) attempts failed: \(reason)")
        return
      }
      let wait = schedule.wait(after: failures, asked: asked, chance: chance)
      state = .waiting(failures: failures, until: now.advanced(by: wait))
    }
  }

  mutating func buried() { finish() }

  private var isBusy: Bool {
    switch state {
    case .posting, .burying: true
    case .idle, .waiting: false
    }
  }

  private mutating func finish() {
    let record = queue.removeFirst()
    progress.delivered(record.partition, record.offset)
    state = .idle
  }

  private static func post(_ record: AlertRecord) -> ForwardPost {
    ForwardPost(
      contentType: "application/cloudevents+json; charset=UTF-8", body: record.line.value ?? [],
      subject: record.id ?? "")
  }
}
