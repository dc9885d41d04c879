import Kafka
import System5Wire

extension RecordLine {
  /// A record as it was read, copied out of its batch.
  init(_ message: borrowing Message) {
    var headers: [RawHeader] = []
    message.eachHeader { name, value in headers.append(RawHeader(name, value.map { Array($0) })) }
    self.init(
      topic: message.topic, partition: message.partition, offset: message.offset,
      timestampMilliseconds: message.timestampMilliseconds, key: message.key.map { Array($0) },
      headers: headers, value: message.value.map { Array($0) })
  }
}
