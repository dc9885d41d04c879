import System5Core
import Testing

@testable import System5Wire

/// Contents whose hash is right and whose structure is wrong in one place.
@Suite struct CheckpointStructureTests {
  typealias Write = (inout CheckpointWriter) -> Void

  /// Why a content with these frames between header and end is refused; nil if it is not.
  private func reason(_ input: InputTopic, _ frames: [Write]) throws -> String? {
    let empty = try Saved(input.emptyPartition(rules: CheckpointScene.rules))
    var writer = CheckpointWriter()
    for frame in frames { frame(&writer) }
    // Magic, version and header are 34 bytes, the end 25.
    let content = empty.content.dropLast(25) + writer.take(.max) + empty.content.suffix(25)
    guard case .malformed(_, let reason)? = Saved(Array(content), like: empty.manifest).refusal()
    else { return nil }
    return reason
  }

  private func window(_ keys: [(String?, String)]) -> Write {
    { writer in
      writer.frame(.window) { writer in
        writer.list(keys) { key, writer in
          writer.optional(key.0) { $1.string($0) }
          writer.string(key.1)
        }
      }
    }
  }

  private let system: Write = { writer in
    writer.frame(.system) {
      $0.string("a")
      $0.bool(false)
    }
  }

  private func policy(
    _ id: String = "p", counts: Int64 = 0, first: Int64 = 1, versions: Int = 1,
    data: @escaping Write = { $0.length(0) }
  ) -> Write {
    { writer in
      writer.frame(.policy) { writer in
        writer.string(id)
        for _ in 0..<2 { writer.integer(0) }
        writer.bool(false)
        for _ in 0..<3 { writer.integer(counts) }
        writer.integer(first)
        writer.list(Array(0..<versions)) { _, writer in
          writer.integer(0)
          data(&writer)
          writer.length(0)
        }
      }
    }
  }

  private func member(_ value: @escaping Write) -> Write {
    { writer in
      writer.length(1)
      writer.string("x")
      value(&writer)
    }
  }

  @Test func windows() throws {
    #expect(try reason(.policy, [window([("s", "1"), ("t", "1")])]) == nil)
    let twice = "an event that is in the window already"
    #expect(try reason(.policy, [window([("s", "1"), (nil, "1")])]) == twice)
    let source = "an event's source, which is missing or needless"
    #expect(try reason(.policy, [window([(nil, "1")])]) == source)
    #expect(try reason(.policy, [window([("s", "1"), ("s", "2")])]) == source)
    #expect(try reason(.policy, [window([])]) == "a window's frame of 0 events")
    #expect(
      try reason(.policy, [window([("s", "1")]), window([("s", "2")])])
        == "a window's frame of 1 events")
  }

  @Test func policies() throws {
    let totals = "totals that are not those of the frames before"
    #expect(try reason(.policy, [system, policy(versions: 3)]) == totals)
    #expect(
      try reason(.policy, [system, policy(versions: 0)])
        == "a policy without versions, or with impossible ones")
    for first in [0, -1, .max, .min] as [Int64] {
      #expect(try reason(.policy, [system, policy(first: first)]) == "an impossible version")
    }
    #expect(
      try reason(.policy, [system, policy(first: 1 << 53, versions: 2)])
        == "a policy without versions, or with impossible ones")
    #expect(try reason(.policy, [system, policy(counts: -1)]) == "a count below 0")
    let order = "a key that is not after the one before"
    #expect(try reason(.policy, [system, policy(), policy()]) == order)
    #expect(try reason(.policy, [system, policy("q"), policy("p")]) == order)
    #expect(try reason(.policy, [system, system]) == order)
    let misplaced = "a frame of kind 16, which does not belong here"
    #expect(try reason(.policy, [policy()]) == misplaced)
    #expect(try reason(.adaptation, [window([("s", "1")]), policy()]) == misplaced)
    #expect(
      try reason(.policy, [window([("s", "1")]), system])
        == "a frame of kind 2, which does not belong here")
  }

  @Test func values() throws {
    func reason(_ value: @escaping Write) throws -> String? {
      try self.reason(.policy, [system, policy(data: member(value))])
    }
    for number in ["1", "-0", "10.50", "1e5", "1E-5", "1.5e+300", "12345678901234567890"] {
      let reason = try reason {
        $0.byte(3)
        $0.string(number)
      }
      #expect(reason == "totals that are not those of the frames before")
    }
    for number in ["", "-", "01", "1.", ".5", "+1", "0x10", "1e", "1e+", "inf", "nan", "1 ", "1p3"]
    {
      let reason = try reason {
        $0.byte(3)
        $0.string(number)
      }
      #expect(reason == "no JSON number", "\(number)")
    }
    for number in ["1e999", String(repeating: "9", count: 310)] {
      let reason = try reason {
        $0.byte(3)
        $0.string(number)
      }
      #expect(reason == "a number beyond all doubles")
    }
    #expect(try reason { $0.byte(7) } == "an unknown tag")
    #expect(
      try reason {
        $0.byte(4)
        $0.length(1)
        $0.byte(0xC0)
      } == "a text that is not UTF-8")
    #expect(
      try reason {
        $0.byte(4)
        $0.raw([0x80, 0x00])
      } == "a length with needless bytes")
    #expect(
      try reason {
        $0.byte(4)
        $0.raw(Array(repeating: 0xFF, count: 10))
      } == "a length of more than 9 bytes")
    #expect(
      try reason {
        $0.byte(6)
        $0.length(2)
        for _ in 0..<2 {
          $0.string("same")
          $0.byte(0)
        }
      } == "members that are not in order")
  }

  private func variety(
    partials: [Double] = [], since: Timestamp? = nil, isFiring: Bool? = nil, blocks: Int = 0,
    current: Double? = nil,
    _ more: [Write] = []
  ) throws -> String? {
    let system: Write = { writer in
      writer.frame(.system) { writer in
        writer.string("a")
        writer.bool(false)
        writer.length(0)
        writer.list(partials) { $1.number($0) }
        writer.raw([1, 1, 0, 0, 0])
      }
    }
    let source: Write = { writer in
      writer.frame(.source) { writer in
        writer.string("s")
        writer.code(Role.system)
        writer.optional(current) { current, writer in
          writer.integer(0)
          for _ in 0..<2 { writer.number(current) }
          writer.length(0)
        }
        writer.bool(true)
        writer.number(1)
        writer.bool(false)
        writer.number(1)
        writer.optional(since)
        writer.bool(isFiring ?? (since != nil))
        writer.bool(false)
        writer.length(blocks)
      }
    }
    return try reason(.variety, [system, source] + more)
  }

  private func block(_ times: [Int64], capacities: Bool = false, _ value: Double = 5) -> Write {
    { writer in
      writer.frame(.block) { writer in
        writer.length(times.count)
        writer.bool(capacities)
        writer.bool(false)
        for time in times { writer.integer(time) }
        for _ in 0..<(capacities ? 2 : 1) * times.count { writer.number(value) }
      }
    }
  }

  @Test func measurements() throws {
    let totals = "totals that are not those of the frames before"
    #expect(try variety(since: Timestamp(seconds: 1)) == totals)
    #expect(try variety(partials: [5], blocks: 1, current: 5, [block([0])]) == totals)
    #expect(
      try variety(partials: [6], blocks: 1, current: 5, [block([0])])
        == "totals that are not those of the sources before")
    #expect(try variety(partials: [5, 2]) == "an impossible total")
    #expect(try variety(partials: [.nan]) == "a number that is not finite")
    #expect(try variety(blocks: 2, current: 5, [block([0])]) == "too few blocks of a source")
    #expect(try variety(isFiring: true) == "an alert that fires since never")
    let misplaced = "a frame of kind 51, which does not belong here"
    #expect(try variety(blocks: 1, current: 5, [block([0]), block([1])]) == misplaced)
    let order = "blocks of a source that are not in order, or not its own"
    #expect(try variety(blocks: 2, current: 5, [block([1]), block([0])]) == order)
    #expect(try variety(blocks: 1, [block([0])]) == order)
    #expect(try variety(current: 5) == order)
    let impossible = "an impossible block of points"
    #expect(try variety(blocks: 1, current: 5, [block([])]) == impossible)
    #expect(try variety(blocks: 1, current: 5, [block([1, 0])]) == impossible)
    #expect(try variety(blocks: 1, current: 5, [block([0], capacities: true)]) == impossible)
    let many = Array(repeating: Int64(0), count: 257)
    #expect(try variety(blocks: 1, current: 5, [block(many)]) == impossible)
    #expect(
      try variety(blocks: 1, current: 5, [block([0], .infinity)]) == "a number that is not finite")
  }

  @Test func kindsOutOfOrder() throws {
    let conversion = Conversion(inputVariety: 1, outputVariety: 1, time: Timestamp(seconds: 0))
    let reason = try variety([
      { $0.frame(.attenuator) { $0.conversion(conversion, named: "a") } }
    ])
    #expect(reason == "a frame of kind 49 after one of 50")
  }

  @Test func patternsOfAnotherId() throws {
    let system: Write = { writer in
      writer.frame(.system) {
        $0.string("a")
        $0.bool(false)
        $0.number(1)
      }
    }
    let pattern = DerivedPattern(
      pattern: "0123456789abcdef0123456789abcdef", domain: "d", revision: 1, occurrences: 1,
      averageEffectiveness: 1, effectivenessLower: 0, commonContext: [:], contextRanges: [],
      recommendedActions: [], firstSeen: Timestamp(seconds: 0), lastSeen: Timestamp(seconds: 0),
      evidence: [])
    let reason = try reason(
      .adaptation, [system, { $0.frame(.derivedPattern) { $0.derived(pattern) } }])
    #expect(reason == "a pattern of another id")
  }

  @Test func alertsOfImpossibleEpisodes() throws {
    for episode in [0, .max, 1] as [Int64] {
      let alert = Alert(
        alert: "a", kind: .criticalTrend, source: nil, direction: nil, value: 1, threshold: nil,
        startsAt: Timestamp(seconds: 0), endsAt: nil, episode: episode, summary: "")
      let reason = try variety([{ $0.frame(.alert) { $0.alert(alert) } }])
      #expect((reason == "an impossible episode") == (episode != 1))
    }
  }

  @Test func frames() throws {
    let unknown: Write = { $0.raw([1, 0, 0, 0, 0, 0, 0, 0, 99]) }
    #expect(try reason(.policy, [unknown]) == "a frame of the unknown kind 99")
    let empty: Write = { $0.raw([0, 0, 0, 0, 0, 0, 0, 0, 1]) }
    #expect(try reason(.policy, [empty])?.hasPrefix("a frame of 0 bytes") == true)
    let long: Write = { $0.raw(Array(repeating: 0xFF, count: 8) + [1]) }
    #expect(try reason(.policy, [long])?.hasPrefix("a frame of 18446744073709551615 bytes") == true)
    let surplus: Write = { writer in
      writer.frame(.system) {
        $0.string("a")
        $0.raw([0, 0])
      }
    }
    #expect(try reason(.policy, [surplus]) == "1 bytes too many in a frame")
    let short: Write = { $0.frame(.system) { $0.string("a") } }
    #expect(try reason(.policy, [short]) == "a frame ends within a field")
    let notABool: Write = { writer in
      writer.frame(.system) {
        $0.string("a")
        $0.byte(2)
      }
    }
    #expect(try reason(.policy, [notABool]) == "2 where 0 or 1 was expected")
    let saved = try Saved(InputTopic.policy.emptyPartition(rules: CheckpointScene.rules))
    #expect(
      Saved(saved.content + [0], like: saved.manifest).refusal()
        == .malformed(at: Int64(saved.content.count), "1 bytes after the end"))
  }
}
