import Foundation
import Kafka
import Logging
import Synchronization
import System5Core
import System5Wire
import System5Worker

/// Reads alerts, delivers them as a machine decides, and commits what is delivered. Confined to one
/// thread, but for the stop.
final class Forwarder<Machine: ForwardMachine> {
  private var machine: Machine
  private let reader: AlertReader<Machine>
  private let sink: KafkaSink
  private let topic: String
  private let deadLetters: String
  private let receivers: Receivers
  private let stop: StopSignal
  private let logger: Logger
  private var posting: PendingPost?

  /// A request on its way.
  private final class PendingPost: Sendable {
    let outcome = Mutex<PostOutcome?>(nil)
  }

  /// How long one poll waits: not longer than an answer may lie there.
  private static var shortPoll: Int { 10 }
  private static var longPoll: Int { 100 }

  /// - Parameter group: of forwarders to the same receivers.
  init(
    _ machine: Machine, _ settings: Settings, group: String, receivers: Receivers,
    stop: StopSignal, logger: Logger
  ) throws {
    self.machine = machine
    self.receivers = receivers
    self.stop = stop
    self.logger = logger
    topic = ForwardTopics.alerts(settings.string("prefix"))
    deadLetters = ForwardTopics.deadLetters(settings.string("prefix"))
    let troubles = ClientTroubles()
    let admin = try Admin(
      configuration: settings.clientConfiguration(), events: troubles.events)
    _ = try admin.partitionCounts(of: [topic, deadLetters], troubles: troubles)
    sink = try KafkaSink(settings, keepsPartitions: false)
    let watch = ClientWatch(logger: logger)
    // The question about the topics was answered.
    watch.brokerAnswered()
    reader = try AlertReader(settings, group: group, watch: watch)
  }

  /// Returns once the stop was asked for, with what was in hand delivered and committed.
  func run() throws {
    try reader.join(topic)
    while !stop.isRequested { try turn(mayBegin: true) }
    // What is in hand is finished; what is yet to be tried again is left to the next.
    while posting != nil { try turn(mayBegin: false) }
    commit()
    try reader.close()
  }

  private func turn(mayBegin: Bool) throws {
    try reader.poll(
      into: &machine, milliseconds: posting == nil ? Self.longPoll : Self.shortPoll)
    takeOutcome()
    if mayBegin, posting == nil { try begin() }
    commit()
  }

  private func takeOutcome() {
    guard let outcome = posting?.outcome.withLock({ $0 }) else { return }
    posting = nil
    machine.ended(outcome, at: .present, chance: .random(in: 0...1))
  }

  private func begin() throws {
    switch machine.next(at: .present) {
    case .wait: break
    case .post(let post): send(post)
    case .bury(let records, let code, let message):
      try bury(records, code: code, message: message)
      machine.buried()
    }
  }

  private func send(_ post: ForwardPost) {
    let pending = PendingPost()
    posting = pending
    Task { [receivers] in
      let outcome = await receivers.send(post)
      pending.outcome.withLock { $0 = outcome }
    }
  }

  private func bury(_ records: [AlertRecord], code: String, message: String) throws {
    for record in records {
      try sink.write(
        EmitRecord(
          record.line.deadLetter(because: code, message), topic: deadLetters))
      logger.error(
        "Put to the dead letters",
        metadata: ["alert": "\(record.id ?? "?")", "code": "\(code)", "error": "\(message)"])
    }
    try sink.finish()
  }

  /// Who has lost a partition commits nothing for it; another delivers again.
  private func commit() {
    do {
      try reader.commit(&machine)
    } catch {
      logger.warning("Not committed", metadata: ["error": "\(error.description)"])
    }
  }
}

extension RecordLine {
  /// The same record with headers that say why it lies where it does, as a worker's dead letters
  /// have them.
  func deadLetter(because code: String, _ message: String) -> RecordLine {
    let errors = [
      ("code", code), ("message", message), ("topic", topic), ("partition", "\(partition ?? 0)"),
      ("offset", "\(offset ?? -1)"), ("timestamp", "\(timestampMilliseconds ?? -1)"),
    ]
    var letter = self
    letter.headers += errors.map { RawHeader(LetterOrigin.headerPrefix + $0.0, text: $0.1) }
    return letter
  }
}
