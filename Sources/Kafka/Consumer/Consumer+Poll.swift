internal import CRdkafka

extension Consumer {
  /// Waits until there is a message, then takes what has arrived, up to `maxRecords`.
  ///
  /// Serves rebalances and the callbacks of `ClientEvents`, and counts for `max.poll.interval.ms`,
  /// also when it returns nothing. All messages of a batch belong to partitions that are assigned
  /// when it returns: a rebalance that comes while the batch is being taken is served by the next
  /// poll, before anything else. Without a handler, partitions start at the committed offset.
  ///
  /// Throws what the handler has thrown. Messages taken by that poll are then dropped, so close
  /// the consumer or seek.
  public func poll(
    maxRecords: Int, timeoutMilliseconds: Int, rebalancing handler: (any RebalanceHandler)? = nil
  ) throws(KafkaError) -> MessageBatch {
    precondition(maxRecords > 0, "a poll takes at least one record")
    try checkOpen()
    rebalances.handler = handler
    defer { rebalances.handler = nil }

    try serveDeferredRebalances()
    let buffer = freeBuffer(capacity: maxRecords)
    var count = try take(into: buffer, from: 0, upTo: maxRecords)
    if count == 0 {
      try serveDeferredRebalances()
      if timeoutMilliseconds != 0 {
        count = try waitAndTake(milliseconds(timeoutMilliseconds), into: buffer, upTo: maxRecords)
      }
    }
    return MessageBatch(buffer: buffer, count: count)
  }

  /// Leaves the group and stops for good, serving rebalances until it has; safe to call again.
  ///
  /// Records that have arrived and were not polled are dropped. Takes as long as the handler and
  /// the brokers do. Throws what the handler has thrown, or librdkafka's own error, after the
  /// consumer is closed.
  public func close(rebalancing handler: (any RebalanceHandler)? = nil) throws(KafkaError) {
    if isClosed { return }
    rebalances.handler = handler
    defer { rebalances.handler = nil }
    serveOutstandingRebalances()
    rebalances.isClosing = true
    let code = rd_kafka_consumer_close(client.pointer)
    isClosed = true
    client.destroyFlags = 0
    try throwRebalanceFailure()
    try KafkaError.check(code)
  }

  /// librdkafka 2.0 never ends closing when an assignment without partitions waits for its answer
  /// (its issue 4527). So what waits is answered before.
  private func serveOutstandingRebalances() {
    performDeferredRebalances()
    let buffer = freeBuffer(capacity: 1_000)
    var rounds = 0
    repeat {
      let count = (try? fill(buffer, from: 0, upTo: buffer.capacity, timeout: 0)) ?? 0
      discard(buffer, count: count)
      rounds += count == buffer.capacity ? 1 : 100
    } while rounds < 100
  }

  /// librdkafka's batch call waits for a full batch until its time is over. So the wait is for one
  /// message; the others are taken without waiting.
  private func waitAndTake(
    _ timeout: Int32, into buffer: BatchBuffer, upTo limit: Int
  ) throws(KafkaError) -> Int {
    let first = try fill(buffer, from: 0, upTo: 1, timeout: timeout)
    if rebalances.failure != nil {
      discard(buffer, count: first)
      try throwRebalanceFailure()
    }
    guard first == 1, limit > 1 else { return first }
    do {
      return try first + take(into: buffer, from: first, upTo: limit)
    } catch {
      discard(buffer, count: first)
      throw error
    }
  }

  /// Takes what is there without waiting. Rebalances are put off meanwhile: librdkafka would go
  /// on filling the batch after the handler has let go of partitions that are in it.
  private func take(
    into buffer: BatchBuffer, from start: Int, upTo limit: Int
  ) throws(KafkaError) -> Int {
    rebalances.isDeferring = true
    defer { rebalances.isDeferring = false }
    return try fill(buffer, from: start, upTo: limit, timeout: 0)
  }

  private func fill(
    _ buffer: BatchBuffer, from start: Int, upTo limit: Int, timeout: Int32
  ) throws(KafkaError) -> Int {
    let count = rd_kafka_consume_batch_queue(
      queue, timeout, buffer.messages + start, limit - start)
    if count < 0 { throw KafkaError(rd_kafka_last_error()) }
    return count
  }

  private func discard(_ buffer: BatchBuffer, count: Int) {
    for index in 0..<count { rd_kafka_message_destroy(buffer.messages[index]) }
  }

  /// The buffer of the last poll, unless it is too small or its batch is still alive.
  private func freeBuffer(capacity: Int) -> BatchBuffer {
    if isKnownUniquelyReferenced(&buffer), let buffer, buffer.capacity >= capacity {
      return buffer
    }
    let new = BatchBuffer(capacity: capacity, topics: topics, client: client)
    buffer = new
    return new
  }
}
