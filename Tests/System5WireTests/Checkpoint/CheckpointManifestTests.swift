import System5Core
import Testing

@testable import System5Wire

@Suite struct CheckpointManifestTests {
  private let manifest = CheckpointManifest(
    version: 1, input: .variety, position: 1234, chunkCount: 2, byteCount: 5678, hash: 0xAB,
    systems: 3, records: 4, rules: 0xCD)
  private let line =
    #"{"system5_checkpoint":1,"input":"variety","position":1234,"chunks":2,"bytes":5678,"#
    + #""xxh64":"00000000000000ab","systems":3,"records":4,"rules":"00000000000000cd"}"#

  private func refusal(_ line: String) -> CheckpointError? {
    do throws(CheckpointError) {
      _ = try CheckpointManifest.parse(Array(line.utf8))
      return nil
    } catch {
      return error
    }
  }

  @Test func isOneLineInOneOrder() throws {
    #expect(text(manifest.line) == line)
    #expect(try CheckpointManifest.parse(Array(line.utf8)) == manifest)
  }

  @Test func ignoresWhatItDoesNotKnow() throws {
    let more = #"{ "future": [1], "# + line.dropFirst().dropLast() + #", "more": {}}"# + "\n"
    #expect(try CheckpointManifest.parse(Array(more.utf8)) == manifest)
  }

  @Test func aLaterVersionMayBeAnything() {
    #expect(refusal(#"{"system5_checkpoint":2}"#) == .unknownVersion(2))
    #expect(
      refusal(line.replacing("checkpoint\":1", with: "checkpoint\":0")) == .unknownVersion(0))
  }

  @Test(arguments: [
    ("", ""), (#""position":1234,"#, ""), (#""chunks":2,"#, ""), (#""bytes":5678,"#, ""),
    (#""xxh64":"00000000000000ab","#, ""), (#""systems":3,"#, ""), (#""records":4,"#, ""),
    (#","rules":"00000000000000cd""#, ""), (#""input":"variety","#, ""),
    (#""system5_checkpoint":1,"#, ""), (#"checkpoint":1"#, #"checkpoint":"1""#),
    ("1234", "-1"), ("1234", "1e3"), ("1234", "1.0"), ("1234", "99999999999999999999"),
    ("1234", "null"), (":2", ":-2"), ("5678", "\"5678\""), ("ab\"", "AB\""), ("00ab", "ab"),
    ("variety", "Variety"), ("}", ""), ("{", "["), ("\"records\":4", "\"records\":-4"),
    ("\"systems\":3", "\"systems\":true"),
  ])
  func whatIsNoManifest(part: String, replacement: String) {
    let changed = part.isEmpty ? "" : line.replacing(part, with: replacement)
    #expect(changed != line)
    guard case .notAManifest(let reason)? = refusal(changed) else {
      Issue.record("\(changed): \(String(describing: refusal(changed)))")
      return
    }
    #expect(reason.hasSuffix("."))
  }

  @Test("rules count for the stores whose states follow from them, and for no others")
  func rules() {
    typealias Change = (inout Rules) -> Void
    let all = Set(InputTopic.allCases)
    let changes: [(Set<InputTopic>, Change)] = [
      (all, { $0.futureTolerance = .zero }), (all, { $0.redeliveryWindow = 1 }),
      (all, { $0.limits.freeFormBytes = 1 }),
      ([.policy], { $0.policyVersions = 1 }), ([.policy], { $0.limits.policies = 1 }),
      ([.adaptation], { $0.patternEffectiveness = 0.1 }),
      ([.adaptation], { $0.minOccurrences = 1 }),
      ([.adaptation], { $0.extractionPeriod = .zero }),
      ([.adaptation], { $0.limits.adaptations = 1 }),
      ([], { $0.successfulEffectiveness = 0.1 }),
      ([.variety], { $0.varietyRetention = .zero }), ([.variety], { $0.trendPeriod = .zero }),
      ([.variety], { $0.gapInterval = .zero }), ([.variety], { $0.limits.sources = 1 }),
    ]
    for (inputs, change) in changes {
      var rules = Rules()
      change(&rules)
      let changed = InputTopic.allCases.filter {
        RulesDigest.digest(of: rules, for: $0) != RulesDigest.digest(of: Rules(), for: $0)
      }
      #expect(Set(changed) == inputs)
    }
    // A rule that is added must be added here and to the digest, or left out on purpose.
    let rules = Mirror(reflecting: Rules()).children.count
    let limits = Mirror(reflecting: Rules.Limits()).children.count
    #expect(changes.count == rules - 1 + limits)
  }

  @Test func tellsTheRulesItWasMadeUnder() throws {
    var rules = Rules()
    rules.policyVersions = 3
    let saved = try Saved(InputTopic.policy.emptyPartition(rules: rules))
    #expect(saved.manifest.wasMade(under: rules))
    #expect(!saved.manifest.wasMade(under: Rules()))
  }
}
