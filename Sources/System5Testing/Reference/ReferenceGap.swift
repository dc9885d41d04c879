import System5Core
import System5Wire

struct ReferenceGap: Sendable {
  var environment: Double
  var system: Double
  var streamTime: ReferenceTime

  var isMet: Bool { system >= environment }
}

extension ReferenceVariety {
  private func current(environment: Bool) -> [ReferenceWord: Double] {
    sources.filter { $0.value.isEnvironment == environment }.mapValues(\.current.variety)
  }

  mutating func judgeRequisiteVariety(
    at time: ReferenceTime, streamTime: ReferenceTime, _ results: inout [ReferenceResult]
  ) {
    let environment = current(environment: true)
    let system = current(environment: false)
    guard measuredRoles.count == 2 else { return }
    let gap = gap(environment, system, at: streamTime)
    let key = ReferenceAlertKey(kind: "requisite-variety")
    let value = gap.environment - gap.system
    if !gap.isMet, !isFiring(key) { fire(key, value, nil, at: time, &results) }
    if gap.isMet, isFiring(key) { resolve(key, value, nil, at: time, &results) }
    guard isDue(gap) else { return }
    lastGap = gap
    results.append(
      ReferenceResult(
        topic: .result(.gapAnalyses), system: self.system,
        content: .event(
          type: "system5.gap.analysed", time: time, data: data(gap, environment, system))))
  }

  private func gap(
    _ environment: [ReferenceWord: Double], _ system: [ReferenceWord: Double],
    at streamTime: ReferenceTime
  ) -> ReferenceGap {
    ReferenceGap(
      environment: referenceSum(environment.sorted { $0.key < $1.key }.map(\.value)),
      system: referenceSum(system.sorted { $0.key < $1.key }.map(\.value)),
      streamTime: streamTime)
  }

  /// The balance as it stands; null before both sides have been measured.
  var requisite: ReferenceValue {
    guard measuredRoles.count == 2 else { return .null }
    let (environment, system) = (current(environment: true), current(environment: false))
    let gap = gap(environment, system, at: ReferenceTime(micros: 0))
    return .object(data(gap, environment, system))
  }

  private func isDue(_ gap: ReferenceGap) -> Bool {
    guard let lastGap, lastGap.isMet == gap.isMet else { return true }
    let isChanged = lastGap.environment != gap.environment || lastGap.system != gap.system
    return isChanged
      && gap.streamTime - lastGap.streamTime >= rules.gapInterval.microseconds
  }

  private func data(
    _ gap: ReferenceGap, _ environment: [ReferenceWord: Double],
    _ system: [ReferenceWord: Double]
  ) -> ReferenceObject {
    let difference = gap.environment - gap.system
    return [
      "system": .text(self.system),
      "environmental_variety": .finite(gap.environment), "system_variety": .finite(gap.system),
      "variety_gap": .finite(difference),
      "gap_ratio": gap.system == 0 ? .null : .finite(gap.environment / gap.system),
      "coverage_ratio": gap.environment == 0
        ? .number(1.0) : .finite(gap.system / gap.environment),
      "requisite_variety_met": .bool(gap.isMet), "deficit": .finite(max(0, difference)),
      "environmental_sources": .object(environment.mapValues { .number($0) }),
      "system_sources": .object(system.mapValues { .number($0) }),
      "amplifiers": .object(amplifiers.mapValues { .number($0) }),
      "attenuators": .object(attenuators.mapValues { .number($0) }),
    ]
  }
}
