import System5Core

/// Results as records: structured CloudEvents. Contract, section 4.
public enum ResultEncoder {
  /// What says that a record is a structured CloudEvent.
  package static let contentType = RawHeader(
    "content-type", text: "application/cloudevents+json; charset=UTF-8")

  /// - Parameters:
  ///   - outputs: what followed from one input record, in order.
  ///   - cause: the id of the causing event.
  public static func append(
    _ outputs: [OutputEvent], from position: Position, cause: Text,
    to results: inout [ResultRecord]
  ) {
    for (number, output) in outputs.enumerated() {
      let id =
        "\(position.topicName)-\(position.partition)@\(position.offset)#\(number)"
      let record = record(output, id: id, partition: position.partition, cause: cause)
      results.append(record)
      if case .patternRetired = output.payload {
        results.append(tombstone(of: record, id: id))
      }
    }
  }

  private static func record(
    _ output: OutputEvent, id: String, partition: Int32, cause: Text
  ) -> ResultRecord {
    ResultRecord(
      topic: .result(output.payload.topic), partition: partition, key: Array(key(output).utf8),
      value: envelope(output, id: id, cause: cause).bytes, headers: [contentType],
      timestampMilliseconds: max(1, output.time.milliseconds))
  }

  private static func key(_ output: OutputEvent) -> String {
    guard let subject = output.payload.subject else { return output.system.string }
    return "\(output.system.string)/\(subject.string)"
  }

  private static func envelope(
    _ output: OutputEvent, id: String, cause: Text
  ) -> OrderedJSON {
    let data = ResultData.members(of: output.payload, system: output.system)
    return .object([
      .init("specversion", .string("1.0")),
      .init("id", .string(id)),
      .init("source", .string("/system5/\(output.system.string)")),
      .init("type", .string(output.payload.type)),
      .init("subject", .text(output.payload.subject ?? output.system)),
      .init("time", .time(output.time)),
      .init("datacontenttype", .string("application/json")),
      .init("causationid", .text(cause)),
      .init("data", .object([.init("system", .text(output.system))] + data)),
    ])
  }

  private static func tombstone(of record: ResultRecord, id: String) -> ResultRecord {
    var tombstone = record
    tombstone.value = nil
    tombstone.headers = [RawHeader("__system5.id", text: id)]
    return tombstone
  }
}

/// Records that were not applied. Contract, section 5.
public enum DeadLetter {
  /// Key, value and headers as received, with why and from where.
  public static func record(
    _ record: RawRecord, at position: Position, because rejection: Rejection
  ) -> ResultRecord {
    let prefix = "__system5.errors."
    let timestamp = record.timestampMilliseconds ?? -1
    let errors = [
      RawHeader(prefix + "code", text: rejection.code.rawValue),
      RawHeader(prefix + "message", text: rejection.message),
      RawHeader(prefix + "topic", text: position.topicName),
      RawHeader(prefix + "partition", text: String(position.partition)),
      RawHeader(prefix + "offset", text: String(position.offset)),
      RawHeader(prefix + "timestamp", text: String(timestamp)),
    ]
    return ResultRecord(
      topic: .deadLetters, partition: position.partition, key: record.key.map(Array.init),
      value: record.value.map(Array.init), headers: record.headers + errors,
      timestampMilliseconds: max(1, timestamp))
  }
}
