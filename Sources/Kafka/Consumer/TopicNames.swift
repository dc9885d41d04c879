internal import CRdkafka

/// The names of the topics that messages come from, one shared `String` for each topic.
///
/// A name is found by the address of librdkafka's topic object. Each known topic is kept with a
/// reference of our own, for as long as the consumer lives: so an address cannot come to mean
/// another topic.
final class TopicNames {
  private let client: ClientHandle
  private var names: [OpaquePointer: String] = [:]
  private var last: OpaquePointer?
  private var lastName = ""

  init(client: ClientHandle) { self.client = client }

  /// The references go before the client: this object holds it until after this.
  deinit {
    for topic in names.keys { rd_kafka_topic_destroy(topic) }
  }

  func name(of topic: OpaquePointer) -> String {
    if topic == last { return lastName }
    let name = names[topic] ?? learn(topic)
    if names[topic] != nil {
      last = topic
      lastName = name
    }
    return name
  }

  private func learn(_ topic: OpaquePointer) -> String {
    let name = String(cString: rd_kafka_topic_name(topic))
    guard let kept = rd_kafka_topic_new(client.pointer, name, nil) else { return name }
    if kept == topic {
      names[topic] = name
    } else {
      // Not the object the message holds: its address may be reused, so it is not remembered.
      rd_kafka_topic_destroy(kept)
    }
    return name
  }
}
