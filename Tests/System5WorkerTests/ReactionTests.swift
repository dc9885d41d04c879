import Kafka
import Testing

@testable import System5Worker

/// Codes of Kafka's protocol and of librdkafka (rdkafka.h).
private enum Code {
  static let illegalGeneration: Int32 = 22
  static let rebalanceInProgress: Int32 = 27
  static let topicAuthorizationFailed: Int32 = 29
  static let coordinatorLoading: Int32 = 14
  static let timedOut: Int32 = -185
  static let transport: Int32 = -195
  static let state: Int32 = -172
}

@Suite struct ReactionTests {
  private func error(
    _ code: Int32, fatal: Bool = false, retriable: Bool = false, abort: Bool = false
  ) -> KafkaError {
    KafkaError(
      code: code, reason: "as told", isFatal: fatal, isRetriable: retriable, requiresAbort: abort)
  }

  private func reaction(
    to error: KafkaError, of call: KafkaCall = .transaction, attempt: Int = 0
  ) -> Reaction {
    Reaction.to(error, of: call, attempt: attempt)
  }

  @Test func retriesWhatIsRetriableAndNoMore() {
    let loading = error(Code.coordinatorLoading, retriable: true)
    #expect(reaction(to: loading) == .retry)
    #expect(
      reaction(to: loading, attempt: Reaction.maxRetries)
        == .interrupt(.replaceProducer(cause: loading.name)))
  }

  @Test func abortsWhereLibrdkafkaSaysSo() {
    let error = error(Code.timedOut, abort: true)
    #expect(reaction(to: error) == .interrupt(.abort(cause: "_TIMED_OUT")))
  }

  @Test(arguments: [Code.timedOut, Code.transport])
  func replacesTheProducerAfterAnUnknownOutcome(code: Int32) {
    let error = error(code, retriable: true)
    #expect(reaction(to: error) == .interrupt(.replaceProducer(cause: error.name)))
  }

  @Test func replacesTheProducerAfterAFatalError() {
    let error = error(Code.state, fatal: true, abort: true)
    #expect(reaction(to: error) == .interrupt(.replaceProducer(cause: "_STATE")))
  }

  @Test(arguments: [Code.illegalGeneration, Code.rebalanceInProgress])
  func keepsRunningWhenFenced(code: Int32) {
    let error = error(code)
    #expect(reaction(to: error) == .interrupt(.abort(cause: error.name)))
    #expect(reaction(to: error, of: .plainCommit) == .interrupt(.abort(cause: error.name)))
  }

  @Test func beginsAnewAfterAPlainCommitOfUnknownOutcome() {
    let error = error(Code.timedOut, retriable: true)
    #expect(
      reaction(to: error, of: .plainCommit) == .interrupt(.restart(cause: "_TIMED_OUT")))
  }

  @Test func replacesAProducerThatCannotAbort() {
    let error = error(Code.state)
    #expect(
      reaction(to: error, of: .abort) == .interrupt(.replaceProducer(cause: "_STATE")))
  }

  @Test func beginsAnewAfterAnythingElse() {
    let error = error(Code.state)
    #expect(reaction(to: error) == .interrupt(.restart(cause: "_STATE")))
    #expect(reaction(to: error, of: .query) == .interrupt(.restart(cause: "_STATE")))
  }

  @Test(arguments: [KafkaCall.query, .transaction, .plainCommit, .delivery, .abort])
  func stopsWhereItIsNotAuthorised(call: KafkaCall) {
    let error = error(Code.topicAuthorizationFailed, retriable: true, abort: true)
    #expect(
      reaction(to: error, of: call)
        == .interrupt(.exit(.failed(exitCode: 77, message: "The brokers refuse us: as told."))))
  }
}
