import System5Core
import System5Wire
import Testing

@testable import system5

@Suite struct DiffTests {
  private func differences(
    _ scene: Scene, _ lines: [RecordLine], _ change: (inout Rules) -> Void
  ) -> [Difference] {
    var rules = scene.rules
    change(&rules)
    let shards = (scene.shard(), scene.shard(rules))
    var diff = ShardDiff()
    for line in lines {
      let before = shards.0.process(line)
      let after = shards.1.process(line)
      diff.add(before.results, after.results, at: before.position)
    }
    return diff.differences
  }

  @Test func theSameRulesGiveNoDifference() {
    #expect(differences(.alerts, Scene.alertLines) { _ in }.isEmpty)
    #expect(differences(.patterns, Scene.patternLines) { _ in }.isEmpty)
  }

  @Test func aPatternThatComesEarlierIsNewThenChanged() throws {
    let first = differences(.patterns, Array(Scene.patternLines[..<2])) { $0.minOccurrences = 2 }
    #expect(first.map(\.change) == [.new])
    #expect(first.first?.subject.kind == .pattern)
    #expect(first.first?.cause.offset == 1)
    let all = differences(.patterns, Scene.patternLines) { $0.minOccurrences = 2 }
    let difference = try #require(all.first)
    #expect(all.count == 1)
    #expect(difference.change == .changed)
    #expect(difference.members.contains("occurrences"))
    #expect(difference.line.contains("occurrences 3 → 2"))
  }

  @Test func aPatternThatNeedsMoreIsGone() {
    let gone = differences(.patterns, Scene.patternLines) { $0.minOccurrences = 4 }
    #expect(gone.map(\.change) == [.gone])
    #expect(gone.first?.after == nil)
    var tally = DiffTally()
    gone.forEach { tally.add($0) }
    #expect(tally.line == "1 pattern gone")
    #expect(DiffTally().line == "nothing would differ")
  }

  @Test func anEpisodeThatEndsAnotherWayIsChangedAndOthersAreNot() throws {
    let steps = Scene.alerts.steps(Scene.alertLines)
    var diff = ShardDiff()
    for step in steps {
      // As if the other rules did not let the first episode end.
      let after = step.position.offset == 2 ? [] : step.results
      diff.add(step.results, after, at: step.position)
    }
    let difference = try #require(diff.differences.first)
    #expect(diff.differences.count == 1)
    #expect(difference.change == .changed)
    #expect(difference.before?.type == "system5.alert.resolved")
    #expect(difference.after == nil)
    #expect(difference.subject.name.hasSuffix("from 2026-11-23T08:01:00Z"))
  }

  @Test func theNumberOfAnEpisodeIsNoDifference() {
    let both = Scene.alerts.steps(Scene.alertLines)
    // Without the first episode, the second one is the first.
    let second = Scene.alerts.steps([Scene.alertLines[0], Scene.alertLines[3]])
    var diff = ShardDiff()
    diff.add(both[3].results, second[1].results, at: both[3].position)
    #expect(!both[3].results.isEmpty)
    #expect(diff.differences.isEmpty)
  }

  @Test func aRecordThatWouldBeRefusedIsNewAmongDeadLetters() {
    let lines = [
      Scene.alerts.line(
        0, "variety.measured",
        #"{"source":"queue","variety":1,"metadata":{"note":"longer than so"}}"#)
    ]
    let found = differences(.alerts, lines) { $0.limits.freeFormBytes = 10 }
    #expect(found.map(\.subject.kind) == [.deadLetter])
    #expect(found.map(\.change) == [.new])
    #expect(found.first?.line.contains("limit-exceeded") == true)
  }
}
