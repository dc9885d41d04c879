import Foundation
import Kafka
import System5Core
import System5Wire

/// What an event of the alerts' topic says.
struct PublishedAlert: Equatable, Sendable {
  let system: String
  let fingerprint: String
  let kind: String
  let source: String?
  let direction: String?
  let value: Double?
  let threshold: Double?
  let startsAt: Timestamp
  /// nil while it fires.
  let endsAt: Timestamp?
  let episode: Int
  let summary: String

  var isFiring: Bool { endsAt == nil }
  /// What no two alerts share.
  var key: String { "\(system)/\(fingerprint)" }
}

/// A record of the alerts' topic.
struct AlertRecord: Equatable, Sendable {
  let partition: TopicPartition
  let offset: Int64
  let line: RecordLine
  /// The event's id; nil for what is no event.
  let id: String?
  /// nil for what is no alert.
  let alert: PublishedAlert?

  init(_ line: RecordLine) {
    self.line = line
    partition = TopicPartition(topic: line.topic, partition: line.partition ?? 0)
    offset = line.offset ?? 0
    let event = line.value.flatMap { JSONFile.parse(Data($0))?.object }
    id = event?["id"]?.text
    alert = event.flatMap { PublishedAlert($0) }
  }

  /// When it was written; as the brokers say.
  var time: Timestamp? { line.timestampMilliseconds.map { Timestamp(milliseconds: $0) } }
}

extension PublishedAlert {
  /// From the whole event.
  init?(_ event: JSONObject) {
    guard let type = event["type"]?.text, let data = event["data"]?.object,
      let system = data["system"]?.text, let fingerprint = data["alert"]?.text,
      let kind = data["kind"]?.text, let start = Self.time(data["starts_at"])
    else { return nil }
    switch type {
    case "system5.alert.firing": endsAt = nil
    case "system5.alert.resolved":
      guard let end = Self.time(data["ends_at"]) else { return nil }
      endsAt = end
    default: return nil
    }
    startsAt = start
    (self.system, self.fingerprint, self.kind) = (system, fingerprint, kind)
    source = data["source"]?.text
    direction = data["direction"]?.text
    value = data["value"]?.number
    threshold = data["threshold"]?.number
    episode = data["episode"]?.integer ?? 0
    summary = data["summary"]?.text ?? ""
  }

  private static func time(_ value: JSONValue?) -> Timestamp? {
    value?.text.flatMap { RFC3339.timestamp(of: $0.utf8) }
  }
}
