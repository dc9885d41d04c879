import Kafka
import System5Wire

extension EmitRecord {
  /// A result on its way to the topics under a prefix.
  init(_ result: ResultRecord, prefix: String, partition: Int32) {
    self.init(
      topic: prefix + result.topic.suffix, partition: partition, key: result.key,
      value: result.value, headers: result.headers.map { Header($0.name, $0.value) },
      timestamp: result.timestampMilliseconds)
  }
}
