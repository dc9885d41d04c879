internal import CRdkafka

/// Transactions. What to do with an error: `isFatal`, a new producer; `requiresAbort`, abort;
/// `isRetriable`, the same call again; a timeout or a lost connection on `sendOffsets`, `commit` or
/// `abort` leaves the outcome unknown. A timeout of -1 waits as long as librdkafka does.
extension Producer {
  /// Fences older producers with the same `transactional.id` and waits for their transactions to
  /// end; once, before anything else.
  public func initTransactions(timeoutMilliseconds: Int) throws(KafkaError) {
    try KafkaError.check(
      consuming: rd_kafka_init_transactions(client.pointer, milliseconds(timeoutMilliseconds)))
  }

  /// Begins a transaction; says nothing to the brokers yet. Refused after a fatal error, which
  /// librdkafka might otherwise wait on.
  public func beginTransaction() throws(KafkaError) {
    if let fatalError { throw fatalError }
    try KafkaError.check(consuming: rd_kafka_begin_transaction(client.pointer))
  }

  /// Adds consumed offsets to the transaction: each the offset of the next record to read.
  ///
  /// `group` is the consumer's metadata, taken after its last poll. May be called again after a
  /// retriable error, with the same arguments only. After a timeout let go of the producer: the
  /// call may still be going on.
  public func sendOffsets(
    _ offsets: [PartitionOffset], group: GroupMetadata, timeoutMilliseconds: Int
  ) throws(KafkaError) {
    try OffsetsCall(client, offsets, group, milliseconds(timeoutMilliseconds)).make(on: calls)
  }

  /// Flushes and commits. An error with `requiresAbort` means that nothing is committed.
  public func commitTransaction(timeoutMilliseconds: Int) throws(KafkaError) {
    try KafkaError.check(
      consuming: rd_kafka_commit_transaction(client.pointer, milliseconds(timeoutMilliseconds)))
  }

  /// Drops the queued messages and aborts. Delivery failures up to here belong to the transaction
  /// and are forgotten with it.
  public func abortTransaction(timeoutMilliseconds: Int) throws(KafkaError) {
    try KafkaError.check(
      consuming: rd_kafka_abort_transaction(client.pointer, milliseconds(timeoutMilliseconds)))
    serve()
    _ = takeDeliveryFailure()
  }
}
