import Kafka
import System5Core
import System5Wire

/// Tells what is firing again and again, as Prometheus does: an Alertmanager forgets what it is not
/// told of.
struct AlertmanagerMachine: ForwardMachine {
  var progress = ForwardProgress()
  private let schedule: RetrySchedule
  private let resend: Timestamp.Span
  private let afterResolving: Timestamp.Span
  /// What the log says of each alert, by its key.
  private var alerts: [String: Tracked] = [:]
  /// What the request in hand tells; nil between requests.
  private var inHand: [String: Told]?
  private var failures = 0
  private var notBefore: Timestamp?
  /// Alerts of a request that was refused: each is told alone, to find the one.
  private var suspects: Set<String> = []
  private var refused: (key: String, records: [AlertRecord], reason: String)?

  private struct Tracked {
    var partition: TopicPartition
    var alert: PublishedAlert
    /// Of this alert, and not delivered.
    var open: [AlertRecord] = []
    /// When it is to be told next; nil: at once.
    var next: Timestamp?
    /// Until when it is told although it is resolved.
    var until: Timestamp?
  }

  private struct Told {
    let alert: PublishedAlert
    let open: [AlertRecord]
  }

  private static let longestRequest = 500
  private static let longestQueue = 5_000

  init(
    schedule: RetrySchedule = RetrySchedule(), resend: Timestamp.Span = .minutes(1),
    afterResolving: Timestamp.Span = .minutes(5)
  ) {
    self.schedule = schedule
    self.resend = resend
    self.afterResolving = afterResolving
  }

  var wantsRecords: Bool { progress.openCount < Self.longestQueue }
  /// How many alerts fire at present, as far as it is known.
  var firingCount: Int { alerts.values.count { $0.alert.isFiring } }

  mutating func assigned(_ partition: TopicPartition, committed: Int64?) {
    progress.assigned(partition, committed: committed)
  }

  mutating func dropped(_ partition: TopicPartition) {
    progress.dropped(partition)
    alerts = alerts.filter { $0.value.partition != partition }
  }

  /// The newest record of an alert counts, and takes the place of older ones that are not delivered.
  mutating func arrived(_ record: AlertRecord, at now: Timestamp) {
    guard let alert = record.alert else {
      return progress.read(record.partition, record.offset, isOpen: false)
    }
    let isOpen = !progress.wasDelivered(record.partition, record.offset)
    progress.read(record.partition, record.offset, isOpen: isOpen)
    var tracked = Tracked(partition: record.partition, alert: alert)
    tracked.open = alerts[alert.key]?.open ?? []
    if isOpen { tracked.open.append(record) }
    if !alert.isFiring {
      let told = isOpen ? now : min(now, record.time ?? now)
      tracked.until = told.advanced(by: afterResolving)
    }
    alerts[alert.key] = tracked
  }

  mutating func next(at now: Timestamp) -> ForwardStep {
    if let refused {
      return .bury(refused.records, code: "alertmanager-refused", message: refused.reason)
    }
    guard inHand == nil, notBefore.map({ now >= $0 }) ?? true else { return .wait }
    forgetOld(now)
    let due = self.due(at: now)
    if due.isEmpty { return .wait }
    inHand = Dictionary(
      uniqueKeysWithValues: due.compactMap { key in
        alerts[key].map { (key, Told(alert: $0.alert, open: $0.open)) }
      })
    return .post(post(due, at: now))
  }

  mutating func ended(_ outcome: PostOutcome, at now: Timestamp, chance: Double) {
    guard let told = inHand else { return }
    inHand = nil
    switch outcome {
    case .delivered:
      failures = 0
      notBefore = nil
      for (key, told) in told { delivered(key, told, at: now) }
    case .refused(let reason): wasRefused(told, reason)
    case .failed(_, let asked):
      failures = min(failures + 1, 1_000)
      notBefore = now.advanced(
        by: schedule.wait(after: failures, asked: asked, chance: chance))
    }
  }

  mutating func buried() {
    for record in refused?.records ?? [] { progress.delivered(record.partition, record.offset) }
    refused = nil
  }
}

extension AlertmanagerMachine {
  private mutating func delivered(_ key: String, _ told: Told, at now: Timestamp) {
    for record in told.open { progress.delivered(record.partition, record.offset) }
    suspects.remove(key)
    guard alerts[key] != nil else { return }
    alerts[key]?.open.removeAll { told.open.contains($0) }
    // What has changed meanwhile is told at once.
    if alerts[key]?.alert == told.alert { alerts[key]?.next = now.advanced(by: resend) }
  }

  /// Of several it is not known which one; of one it is.
  private mutating func wasRefused(_ told: [String: Told], _ reason: String) {
    guard told.count == 1, let (key, one) = told.first else {
      suspects.formUnion(told.keys)
      return
    }
    suspects.remove(key)
    alerts[key]?.open.removeAll { one.open.contains($0) }
    if alerts[key]?.alert == one.alert { alerts[key] = nil }
    refused = (key, one.open, reason)
  }

  private mutating func forgetOld(_ now: Timestamp) {
    alerts = alerts.filter { $0.value.until.map { now < $0 } ?? true || !$0.value.open.isEmpty }
  }

  /// Nothing of a partition is told before it is known what became of its alerts.
  private func due(at now: Timestamp) -> [String] {
    let due = alerts.filter { _, tracked in
      progress.isCaughtUp(tracked.partition) && (tracked.next.map { now >= $0 } ?? true)
    }.keys.sorted()
    if let suspect = due.first(where: suspects.contains) { return [suspect] }
    return Array(due.prefix(Self.longestRequest))
  }

  private func post(_ keys: [String], at now: Timestamp) -> ForwardPost {
    let told = keys.compactMap { alerts[$0]?.alert }
    let body = OrderedJSON.list(
      told.map { AlertmanagerAlert.json($0, at: now, resend: resend) })
    return ForwardPost(
      contentType: "application/json", body: body.bytes,
      subject: told.count == 1 ? keys[0] : "\(told.count) alerts")
  }
}
