import Kafka
import System5Wire

extension WatchedResult {
  var recordLine: RecordLine {
    RecordLine(
      topic: topic, partition: partition, offset: offset, timestampMilliseconds: timestamp,
      key: key, headers: headers.map { RawHeader($0.name, $0.value) }, value: value)
  }
}
