/// A threshold on a source and how the source stands to it.
package struct Watch: Hashable, Sendable {
  package let rule: Threshold
  /// Time of the first measurement of the violation that is going on; nil while there is none.
  package private(set) var violatingSince: Timestamp?
  package private(set) var isFiring = false

  init(rule: Threshold) { self.rule = rule }

  /// A watch as it was, for a checkpoint to bring back.
  package init(rule: Threshold, violatingSince: Timestamp?, isFiring: Bool) {
    self.rule = rule
    self.violatingSince = violatingSince
    self.isFiring = isFiring
  }

  enum Change: Hashable, Sendable { case none, fires, resolves }

  /// Judges a new current value.
  mutating func judge(_ value: Double, at time: Timestamp) -> Change {
    if isFiring {
      guard rule.isRecovered(at: value) else { return .none }
      (isFiring, violatingSince) = (false, nil)
      return .resolves
    }
    guard rule.isViolated(by: value) else {
      violatingSince = nil
      return .none
    }
    return fire(ifViolatedSince: violatingSince ?? time, at: time)
  }

  /// Takes the place of an earlier watch of the same source and direction, and judges the current
  /// value at once. A firing alert goes on if the value violates the new threshold too.
  mutating func replace(_ old: Watch?, current: TimeSeries.Point?, at time: Timestamp) -> Change {
    guard let current else { return .none }
    guard rule.isViolated(by: current.variety) else {
      return old?.isFiring == true ? .resolves : .none
    }
    if old?.isFiring == true {
      (isFiring, violatingSince) = (true, old?.violatingSince)
      return .none
    }
    let since = old?.violatingSince ?? current.time
    return fire(ifViolatedSince: since, at: max(time, current.time))
  }

  private mutating func fire(ifViolatedSince since: Timestamp, at time: Timestamp) -> Change {
    violatingSince = since
    guard time.since(since) >= Timestamp.Span(seconds: rule.forSeconds) else { return .none }
    isFiring = true
    return .fires
  }
}

extension Threshold {
  func isViolated(by value: Double) -> Bool {
    direction == .above ? value > threshold : value < threshold
  }

  func isRecovered(at value: Double) -> Bool {
    let end = recovery ?? threshold
    return direction == .above ? value <= end : value >= end
  }
}
