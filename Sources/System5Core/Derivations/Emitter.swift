import HashTreeCollections

/// Collects the results of one event, and keeps the alerts' episodes.
struct Emitter {
  let system: Text
  let time: Timestamp
  private(set) var outputs: [OutputEvent] = []

  init(system: Text, time: Timestamp) {
    self.system = system
    self.time = time
  }

  mutating func emit(_ output: Output) {
    outputs.append(OutputEvent(system: system, time: time, payload: output))
  }

  /// Begins or ends an episode of an alert. A change of none is none.
  mutating func report(
    _ change: Watch.Change, _ kind: Alert.Kind, of source: Text?, direction: Direction?,
    value: Double, threshold: Double?, in alerts: inout TreeDictionary<Text, Alert>
  ) {
    guard change != .none else { return }
    let id = Alert.id(of: system, kind: kind, source: source, direction: direction)
    let previous = alerts[id]
    var alert = Alert(
      alert: id, kind: kind, source: source, direction: direction, value: value,
      threshold: threshold, startsAt: time, endsAt: nil, episode: (previous?.episode ?? 0) + 1,
      summary: "")
    if change == .resolves, let previous {
      alert.startsAt = previous.startsAt
      alert.episode = previous.episode
      // A late event may clear a threshold; an episode still does not end before it began.
      alert.endsAt = max(previous.startsAt, time)
    }
    alert.summary = AlertSummary.sentence(for: alert, system: system)
    alerts[id] = alert
    emit(change == .fires ? .alertFiring(alert) : .alertResolved(alert))
  }
}

/// Reports a watch's change.
func report(
  _ change: Watch.Change, of source: Text, _ rule: Threshold, value: Double,
  to emitter: inout Emitter, in alerts: inout TreeDictionary<Text, Alert>
) {
  emitter.report(
    change, .varietyThreshold, of: source, direction: rule.direction, value: value,
    threshold: rule.threshold, in: &alerts)
}

/// Alerts in words.
enum AlertSummary {
  static func sentence(for alert: Alert, system: Text) -> String {
    let value = ShortestNumber.text(of: alert.value)
    let source = alert.source?.string ?? ""
    switch (alert.kind, alert.isFiring) {
    case (.varietyThreshold, let isFiring):
      let threshold = ShortestNumber.text(of: alert.threshold ?? 0)
      let side = alert.direction?.rawValue ?? ""
      return isFiring
        ? "The variety of \(source) is \(value), \(side) its threshold of \(threshold)."
        : "The variety of \(source) is \(value); the alert on its threshold "
          + "\(side) \(threshold) has ended."
    case (.requisiteVariety, true):
      return "The environment of \(system) has \(value) more variety than the system."
    case (.requisiteVariety, false):
      return "The system \(system) has at least the variety of its environment again."
    case (.criticalTrend, true):
      return "The variety of \(source) is \(value) and rising critically."
    case (.criticalTrend, false):
      return "The variety of \(source) is \(value) and no longer rising critically."
    }
  }
}
