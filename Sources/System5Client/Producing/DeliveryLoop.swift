internal import DequeModule
internal import Kafka
internal import System5Wire

/// Hands records to librdkafka and its reports to those who wait. Confined to the queue's thread.
final class DeliveryLoop {
  /// How long a call of librdkafka may keep the thread from what has been asked for since.
  private static let longestCall = 10
  private static let headers = [
    Header(ResultEncoder.contentType.name, ResultEncoder.contentType.value)
  ]

  private let queue: DeliveryQueue
  private let watch: ClientWatch
  private let makeProducer: () throws(ConfigurationError) -> Producer
  private var producer: Producer
  /// Asked for and not handed over yet, as librdkafka's queue is full.
  private var waiting: Deque<DeliveryCall> = []
  /// Handed over and not reported yet, by tag.
  private var underway: [UInt: DeliveryCall] = [:]
  private var lastTag: UInt = 0
  private var end: ContinuousClock.Instant?
  /// The producer can do no more: what it holds is dropped, and another takes its place.
  private var isBroken = false

  init(
    _ queue: DeliveryQueue, _ producer: Producer, _ watch: ClientWatch,
    _ makeProducer: @escaping () throws(ConfigurationError) -> Producer
  ) {
    self.queue = queue
    self.producer = producer
    self.watch = watch
    self.makeProducer = makeProducer
  }

  /// Returns when the end was asked for and everything is acknowledged, or the time is over.
  func run() {
    while true {
      let taken = queue.take()
      end = taken.end
      waiting.append(contentsOf: taken.calls)
      if isDone { break }
      if waiting.isEmpty, underway.isEmpty {
        queue.waitForWork()
      } else {
        work()
      }
    }
    for call in waiting { call.finish(.failure(ProducerShutDown())) }
    for call in underway.values { call.finish(.failure(ProducerShutDown())) }
  }

  private var isDone: Bool {
    guard let end else { return false }
    return (waiting.isEmpty && underway.isEmpty) || ContinuousClock.now >= end
  }

  private func work() {
    if isBroken, underway.isEmpty { renew() }
    handOver()
    producer.serve(timeoutMilliseconds: Self.longestCall)
    for report in producer.takeDeliveryReports() { pass(report) }
  }

  private func handOver() {
    while !isBroken, let call = waiting.popFirst() {
      if call.isFinished { continue }
      do throws(KafkaError) {
        try produce(call)
      } catch {
        if error.isQueueFull {
          waiting.prepend(call)
          return
        }
        fail(call, error)
      }
    }
  }

  private func produce(_ call: DeliveryCall) throws(KafkaError) {
    lastTag += 1
    try producer.produce(
      topic: call.topic, key: call.record.key, value: call.record.value, headers: Self.headers,
      timestampMilliseconds: call.record.timestampMilliseconds, tag: lastTag)
    underway[lastTag] = call
  }

  private func pass(_ report: DeliveryReport) {
    guard let call = underway.removeValue(forKey: report.tag) else { return }
    if let error = report.error { return fail(call, error) }
    watch.brokerAnswered()
    call.finish(
      .success(
        Delivery(
          id: call.record.id, topic: call.topic, partition: Int(report.partition),
          offset: report.offset < 0 ? nil : report.offset)))
  }

  private func fail(_ call: DeliveryCall, _ error: KafkaError) {
    call.finish(.failure(watch.explain(error)))
    if !isBroken, producer.fatalError != nil {
      isBroken = true
      // Their reports come as failures.
      producer.purge()
    }
  }

  /// librdkafka took the same configuration before. Should it not now, such as for want of memory,
  /// those who wait hear of it, and the next call tries again.
  private func renew() {
    do throws(ConfigurationError) {
      producer = try makeProducer()
      isBroken = false
    } catch {
      while let call = waiting.popFirst() { call.finish(.failure(KafkaFailure(error))) }
    }
  }
}
