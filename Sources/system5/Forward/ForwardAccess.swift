import System5Core
import System5Worker

/// The least that the brokers must permit a forwarder.
enum ForwardAccess {
  static func rights(_ settings: Settings, name: String) -> [AccessRight] {
    let prefix = settings.string("prefix")
    return [
      AccessRight(.topic, ForwardTopics.alerts(prefix), [.read], for: "alerts"),
      AccessRight(
        .topic, ForwardTopics.deadLetters(prefix), [.write], for: "what no receiver takes"),
      AccessRight(
        .group, ForwardCommand.group(settings, name), [.read], for: "partitions and offsets"),
    ]
  }
}

/// The topics of a forwarder under the deployment's prefix.
enum ForwardTopics {
  static func alerts(_ prefix: String) -> String { prefix + OutputTopic.alerts.rawValue }
  static func deadLetters(_ prefix: String) -> String { "\(prefix)forward.dead-letters" }
}
