import Foundation
import System5Wire
import Testing

@testable import System5Client

/// Results as the worker writes them: the examples of the contract.
@Suite struct ResultTests {
  private static let folder = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("topics/examples")

  private func results(_ name: String) throws -> [ResultEvent] {
    let text = try Data(contentsOf: Self.folder.appendingPathComponent("\(name).out.jsonl"))
    let (coder, reader) = (RecordLineCoder(), ResultReader())
    var results: [ResultEvent] = []
    for (offset, bytes) in text.split(separator: UInt8(ascii: "\n")).enumerated() {
      let line = try coder.parse(Array(bytes))
      guard let value = line.value, !line.topic.hasSuffix("dead-letters") else { continue }
      results.append(
        reader.read(
          value, at: RecordPlace(topic: line.topic, partition: 0, offset: Int64(offset))))
    }
    return results
  }

  @Test(arguments: [
    ("envelope", 8), ("patterns", 5), ("policies", 0), ("requisite-variety", 10),
    ("thresholds", 10), ("trends", 5),
  ])
  func everyExampleIsUnderstood(name: String, least: Int) throws {
    let results = try results(name)
    #expect(results.count >= least)
    for result in results {
      if case .unreadable(let reason) = result.content { Issue.record("\(result.id): \(reason)") }
      #expect(result.system.hasPrefix("acme"))
      #expect(result.id.contains("@"))
      #expect(result.time != nil)
      #expect(result.cause != nil)
    }
  }

  @Test func anAlertHasItsEpisode() throws {
    let results = try results("thresholds")
    guard case .alertFiring(let firing)? = results.first?.content else {
      Issue.record("the first is no firing alert")
      return
    }
    #expect(firing.kind == .varietyThreshold)
    #expect(firing.source == "queue")
    #expect(firing.direction == .above)
    #expect(firing.value == 120)
    #expect(firing.threshold == 100)
    #expect(firing.startsAt == Date(timeIntervalSince1970: 1_795_421_040))
    #expect(firing.endsAt == nil)
    #expect(firing.episode == 1)
    #expect(firing.summary == "The variety of queue is 120, above its threshold of 100.")
    guard case .alertResolved(let resolved)? = results.dropFirst().first?.content else {
      Issue.record("the second is no resolved alert")
      return
    }
    #expect(resolved.id == firing.id)
    #expect(resolved.endsAt == Date(timeIntervalSince1970: 1_795_421_220))
  }

  @Test func aPatternHasItsContextAndActions() throws {
    let results = try results("patterns")
    guard case .patternDerived(let pattern)? = results.first?.content else {
      Issue.record("the first is no pattern")
      return
    }
    #expect(pattern.domain == "web_api")
    #expect(pattern.commonContext["type"] == "performance_degradation")
    #expect(pattern.contextRanges["severity"]?.max == 0.8)
    #expect(pattern.recommendedActions.map(\.action).first == "scale_up")
    #expect(pattern.recommendedActions.first?.averageEffectiveness == 0.775)
    #expect(pattern.evidence == ["adapt_003", "adapt_002", "adapt_001"])
    let transferred = results.compactMap { result -> TransferredPattern? in
      if case .patternTransferred(let pattern) = result.content { pattern } else { nil }
    }
    #expect(transferred.first?.basePattern.domain == transferred.first?.sourceDomain)
    #expect(transferred.isEmpty == false)
  }

  @Test func analysesHaveTheirNumbers() throws {
    let gaps = try results("requisite-variety").compactMap { result -> GapAnalysis? in
      if case .gapAnalysed(let analysis) = result.content { analysis } else { nil }
    }
    #expect(!gaps.isEmpty)
    for gap in gaps {
      #expect(gap.varietyGap == gap.environmentalVariety - gap.systemVariety)
      #expect(gap.environmentalSources.values.reduce(0, +) == gap.environmentalVariety)
      #expect((gap.gapRatio == nil) == (gap.systemVariety == 0))
    }
    let trends = try results("trends").compactMap { result -> TrendAnalysis? in
      if case .trendsAnalysed(let analysis) = result.content { analysis } else { nil }
    }
    #expect(trends.first?.overallTrend == .increasing)
    #expect(trends.first?.criticalSources == ["backlog", "demand"])
    #expect(trends.first?.trends["demand"]?.breachAt != nil)
    #expect(trends.first?.trends["night"]?.trend == .insufficientData)
  }

  @Test(arguments: [
    ("", "JSON"), ("{", "JSON"), ("[]", "CloudEvent"), (#"{"specversion":"1.0"}"#, "`id`"),
    (#"{"specversion":"1.0","id":"a"}"#, "`data`"),
    (#"{"specversion":"1.0","id":"a","time":"x","type":"t","data":{"system":"s"}}"#, "`time`"),
    (event("system5.new.kind", "{}"), "system5.new.kind"),
    (event("system5.alert.firing", #"{"alert":1}"#), "`data.alert`"),
    (event("system5.alert.firing", #"{"alert":"a","kind":"odd"}"#), "`data.kind`"),
    (
      event(
        "system5.trends.analysed",
        #"{"window":"hour","overall_trend":"stable","critical_sources":[],"trends":{"q":3}}"#),
      "`data.trends.q`"
    ),
  ])
  func whatIsNotUnderstoodIsSaid(value: String, reason: String) {
    let place = RecordPlace(topic: "t", partition: 1, offset: 2)
    let result = ResultReader().read(Array(value.utf8), at: place)
    guard case .unreadable(let said) = result.content else {
      Issue.record("it was read: \(result)")
      return
    }
    #expect(said.contains(reason))
    #expect(result.place == place)
  }

  private static func event(_ type: String, _ data: String) -> String {
    let data = data == "{}" ? #"{"system":"s"}"# : #"{"system":"s","# + data.dropFirst()
    return #"{"specversion":"1.0","id":"a","time":"2026-11-23T08:00:00Z","type":"\#(type)","#
      + #""data":\#(data)}"#
  }
}
