import System5Core
import System5Wire

/// An alert as `POST /api/v2/alerts` takes it.
enum AlertmanagerAlert {
  /// While it fires, its end is put off with each request, so that it ends by itself if no more
  /// come. An end that is still to come, by a clock ahead of ours, is now.
  static func json(
    _ alert: PublishedAlert, at now: Timestamp, resend: Timestamp.Span
  ) -> OrderedJSON {
    let patience = Timestamp.Span(seconds: resend.seconds * 4)
    let end = alert.endsAt.map { min($0, now) } ?? now.advanced(by: patience)
    return .object([
      .init("labels", .object(labels(alert))),
      .init("annotations", .object(annotations(alert))),
      .init("startsAt", .time(alert.startsAt)),
      .init("endsAt", .time(max(alert.startsAt, end))),
    ])
  }

  /// What tells alerts apart, and nothing that changes while one fires.
  private static func labels(_ alert: PublishedAlert) -> [OrderedJSON.Member] {
    let all = [
      ("alertname", alert.kind), ("alert", alert.fingerprint), ("direction", alert.direction),
      ("severity", severity(of: alert.kind)), ("source", alert.source), ("system", alert.system),
    ]
    return all.compactMap { name, value in value.map { .init(name, .string($0)) } }
  }

  private static func annotations(_ alert: PublishedAlert) -> [OrderedJSON.Member] {
    let all = [
      ("summary", alert.summary), ("value", alert.value.map { ShortestNumber.text(of: $0) }),
      ("threshold", alert.threshold.map { ShortestNumber.text(of: $0) }),
      ("episode", "\(alert.episode)"),
    ]
    return all.compactMap { name, value in value.map { .init(name, .string($0)) } }
  }

  /// More variety outside than inside is what System 5 is there to prevent; the others warn of it.
  private static func severity(of kind: String) -> String {
    kind == "requisite-variety" ? "critical" : "warning"
  }
}
