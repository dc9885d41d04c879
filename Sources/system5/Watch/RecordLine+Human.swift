import Foundation
import System5Core
import System5Wire

extension RecordLine {
  /// One line for people: when, whose, what. Control characters of other programs are struck out.
  func humanLine(prefix: String) -> String {
    (deadLetterLine(prefix: prefix) ?? eventLine ?? plainLine).printable
  }

  private var eventLine: String? {
    guard let value, let event = JSONFile.parse(Data(value))?.object,
      let type = event["type"]?.text, let data = event["data"]?.object
    else { return nil }
    let time = event["time"]?.text ?? ""
    let kind = type.hasPrefix("system5.") ? String(type.dropFirst(8)) : type
    return "\(time)  \(data["system"]?.text ?? "-")  \(kind)  \(Self.summary(type, data))"
  }

  private static func summary(_ type: String, _ data: JSONObject) -> String {
    switch type {
    case "system5.alert.firing", "system5.alert.resolved": data["summary"]?.text ?? ""
    case "system5.gap.analysed":
      "environment \(data.shown("environmental_variety")), "
        + "system \(data.shown("system_variety")), gap \(data.shown("variety_gap"))"
    case "system5.trends.analysed":
      "overall \(data.shown("overall_trend")), critical \(data.shown("critical_sources"))"
    case "system5.pattern.derived":
      "\(data.shown("pattern")) in \(data.shown("domain")), revision \(data.shown("revision")), "
        + "\(data.shown("occurrences")) occurrences"
    case "system5.pattern.transferred":
      "\(data.shown("pattern")) from \(data.shown("source_domain")) to "
        + data.shown("target_domain")
    case "system5.pattern.retired": "\(data.shown("pattern")): \(data.shown("reason"))"
    default: ""
    }
  }

  private func deadLetterLine(prefix: String) -> String? {
    guard topic == prefix + "dead-letters" else { return nil }
    func error(_ name: String) -> String {
      let header = headers.last { $0.name == "__system5.errors." + name }
      return String(decoding: header?.value ?? [], as: UTF8.self)
    }
    let place = "\(error("topic"))-\(error("partition"))@\(error("offset"))"
    let key = key.map { String(decoding: $0.prefix(128), as: UTF8.self) } ?? "-"
    return "\(timeText)  \(key)  dead letter  \(error("code")): \(error("message")) (\(place))"
  }

  private var plainLine: String {
    let key = key.map { String(decoding: $0, as: UTF8.self) } ?? "-"
    return value == nil
      ? "\(timeText)  \(key)  removed" : "\(timeText)  \(key)  \(topic)@\(offset ?? 0), no event"
  }

  private var timeText: String {
    timestampMilliseconds.map { RFC3339.text(of: Timestamp(milliseconds: $0)) } ?? "-"
  }
}
