import System5Core
import System5Wire

struct ReferenceAlertKey: Hashable {
  var kind: String
  var source: ReferenceWord = ""
  var direction: ReferenceWord = ""
}

struct ReferenceAlert: Sendable {
  var episode = 0
  /// nil while it does not fire.
  var startsAt: ReferenceTime?
  /// What was published of it last.
  var latest: ReferenceObject = [:]
}

struct ReferenceThreshold: Sendable {
  var limit: Double
  var direction: ReferenceWord
  var givenRecovery: Double?
  var seconds: Double

  private var recovery: Double { givenRecovery ?? limit }

  init(_ data: ReferenceData) throws(ReferenceRefusal) {
    limit = try data.number("threshold")
    direction = try data.choice("direction", of: ["above", "below"]) ?? "above"
    if data.has("recovery_threshold") {
      givenRecovery = try data.number("recovery_threshold")
    }
    seconds = try data.number("for_seconds", in: 0...1e100, default: 0)
    if direction == "above" ? recovery > limit : recovery < limit { throw .invalidData }
  }

  func isViolated(by value: Double) -> Bool {
    direction == "above" ? value > limit : value < limit
  }

  func isRecovered(by value: Double) -> Bool {
    direction == "above" ? value <= recovery : value >= recovery
  }
}

struct ReferenceWatch: Sendable {
  var threshold: ReferenceThreshold
  /// The time of the measurement since which it is violated.
  var since: ReferenceTime?
}

extension ReferenceVariety {
  private func key(_ source: ReferenceWord, _ direction: ReferenceWord) -> ReferenceAlertKey {
    ReferenceAlertKey(kind: "variety-threshold", source: source, direction: direction)
  }

  func isFiring(_ key: ReferenceAlertKey) -> Bool { alerts[key]?.startsAt != nil }

  mutating func judgeThresholds(
    of source: ReferenceWord, _ point: Point, _ results: inout [ReferenceResult]
  ) {
    for direction: ReferenceWord in ["above", "below"] {
      let key = key(source, direction)
      guard let watch = watches[key] else { continue }
      if isFiring(key) {
        guard watch.threshold.isRecovered(by: point.variety) else { continue }
        resolve(key, point.variety, watch.threshold.limit, at: point.time, &results)
      } else {
        judge(key, point, at: point.time, &results)
      }
    }
  }

  /// Whether an alert that does not fire fires now.
  private mutating func judge(
    _ key: ReferenceAlertKey, _ point: Point, at time: ReferenceTime,
    _ results: inout [ReferenceResult]
  ) {
    guard let watch = watches[key] else { return }
    guard watch.threshold.isViolated(by: point.variety) else {
      watches[key]?.since = nil
      return
    }
    let since = watch.since ?? point.time
    watches[key]?.since = since
    guard Double(max(0, time - since)) >= watch.threshold.seconds * 1_000_000 else { return }
    watches[key]?.since = nil
    fire(key, point.variety, watch.threshold.limit, at: time, &results)
  }

  mutating func set(
    _ threshold: ReferenceThreshold, of source: ReferenceWord, at time: ReferenceTime,
    _ results: inout [ReferenceResult]
  ) {
    let key = key(source, threshold.direction)
    watches[key] = ReferenceWatch(threshold: threshold, since: watches[key]?.since)
    guard let point = sources[source]?.current else { return }
    if !isFiring(key) {
      judge(key, point, at: time, &results)
    } else if !threshold.isViolated(by: point.variety) {
      resolve(key, point.variety, threshold.limit, at: time, &results)
    }
  }

  mutating func clear(
    _ source: ReferenceWord, _ only: ReferenceWord?, at time: ReferenceTime,
    _ results: inout [ReferenceResult]
  ) {
    for direction: ReferenceWord in ["above", "below"] where only == nil || only == direction {
      let key = key(source, direction)
      guard let watch = watches.removeValue(forKey: key), isFiring(key),
        let value = sources[source]?.current.variety
      else { continue }
      resolve(key, value, watch.threshold.limit, at: time, &results)
    }
  }
}

extension ReferenceVariety {
  mutating func fire(
    _ key: ReferenceAlertKey, _ value: Double, _ threshold: Double?, at time: ReferenceTime,
    _ results: inout [ReferenceResult]
  ) {
    var alert = alerts[key] ?? ReferenceAlert()
    alert.episode += 1
    alert.startsAt = time
    alerts[key] = alert
    publish("firing", key, alert, value, threshold, nil, at: time, &results)
  }

  mutating func resolve(
    _ key: ReferenceAlertKey, _ value: Double, _ threshold: Double?, at time: ReferenceTime,
    _ results: inout [ReferenceResult]
  ) {
    guard let alert = alerts[key], let start = alert.startsAt else { return }
    alerts[key]?.startsAt = nil
    publish("resolved", key, alert, value, threshold, max(start, time), at: time, &results)
  }

  private mutating func publish(
    _ what: String, _ key: ReferenceAlertKey, _ alert: ReferenceAlert, _ value: Double,
    _ threshold: Double?, _ end: ReferenceTime?, at time: ReferenceTime,
    _ results: inout [ReferenceResult]
  ) {
    let name = ReferenceAlertKey.name(key, system)
    var data: ReferenceObject = [
      "system": .text(system), "alert": .name(name), "kind": .text(ReferenceWord(key.kind)),
      "value": .finite(value), "episode": .number(alert.episode), "summary": .sentence,
    ]
    data["source"] = key.source == "" ? nil : .text(key.source)
    data["direction"] = key.direction == "" ? nil : .text(key.direction)
    data["threshold"] = threshold.map { .number($0) }
    data["starts_at"] = alert.startsAt.map { .time($0) }
    data["ends_at"] = end.map { .time($0) }
    alerts[key]?.latest = data
    results.append(
      ReferenceResult(
        topic: .result(.alerts), system: system, about: name,
        content: .event(type: "system5.alert.\(what)", time: time, data: data)))
  }
}

extension ReferenceAlertKey {
  /// The model's name of an alert: what its fingerprint is taken of.
  static func name(_ key: ReferenceAlertKey, _ system: ReferenceWord) -> ReferenceWord {
    let parts = [system.string, key.kind, key.source.string, key.direction.string]
    return ReferenceWord("alert " + parts.map(\.debugDescription).joined(separator: " "))
  }
}
