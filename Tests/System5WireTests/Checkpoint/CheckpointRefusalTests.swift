import System5Core
import System5Testing
import Testing

@testable import System5Wire

/// A checkpoint of each store, small and with something of everything.
private func small() throws -> [Saved] {
  try CheckpointScene.after(CheckpointScene.everything(seed: 5)[...]).saved()
}

@Suite struct CheckpointRefusalTests {
  @Test("a content that ends too soon is refused, whether or not its manifest says so")
  func truncation() throws {
    for saved in try small() {
      let content = saved.content
      for length in 0..<content.count {
        var cut = saved
        cut.chunks = [Array(content[..<length])]
        guard case .truncated? = cut.refusal() else {
          Issue.record("\(length): \(String(describing: cut.refusal()))")
          return
        }
        guard case .malformed? = Saved(Array(content[..<length]), like: saved.manifest).refusal()
        else {
          Issue.record("\(length) bytes were taken")
          return
        }
      }
    }
  }

  @Test("a content with a bit flipped is refused")
  func flippedBits() throws {
    for saved in try small() {
      var content = saved.content
      for index in content.indices {
        for bit in 0..<8 {
          content[index] ^= 1 << bit
          defer { content[index] ^= 1 << bit }
          var flipped = saved
          flipped.chunks = [content]
          flipped.manifest = saved.manifest.cut(into: 1)
          guard case .hashMismatch? = flipped.refusal() else {
            Issue.record("bit \(bit) of byte \(index)")
            return
          }
        }
      }
    }
  }

  @Test("a manifest with a bit flipped is refused, or its checkpoint is")
  func flippedManifests() throws {
    for saved in try small() {
      var line = saved.manifest.line
      for index in line.indices {
        for bit in 0..<8 {
          line[index] ^= 1 << bit
          defer { line[index] ^= 1 << bit }
          guard let manifest = try? CheckpointManifest.parse(line) else { continue }
          var flipped = saved
          flipped.manifest = manifest
          #expect(flipped.refusal() != nil, "bit \(bit) of byte \(index)")
        }
      }
    }
  }

  @Test("a flipped bit under a right hash is refused or makes another state, whose bytes they are")
  func flippedBitsWithRightHash() throws {
    for saved in try small() {
      var content = saved.content
      for index in content.indices {
        for bit in [0, 3, 7] {
          content[index] ^= 1 << bit
          defer { content[index] ^= 1 << bit }
          try expectRefusedOrCanonical(Saved(content, like: saved.manifest))
        }
      }
    }
  }

  @Test("mutations under a right hash never trap, nor does what is applied to their states")
  func mutations() throws {
    var random = SplitMix64(seed: 99)
    let after = CheckpointScene.lines(seed: 6, systems: 1, count: 40)
    var taken = 0
    for saved in try small() {
      for _ in 0..<3000 {
        let mutated = Saved(saved.content.mutated(using: &random), like: saved.manifest)
        guard let state = try expectRefusedOrCanonical(mutated) else { continue }
        var scene = CheckpointScene()
        scene.partitions = [state]
        try scene.apply(after[...])
        taken += 1
      }
    }
    #expect(taken > 100)
  }

  /// Returns the state if the checkpoint is taken.
  @discardableResult
  private func expectRefusedOrCanonical(_ saved: Saved) throws -> (any PartitionState)? {
    guard let state = try? saved.restored(CheckpointScene.rules) else { return nil }
    let again = try Saved(state, at: saved.manifest.position, chunkBytes: .max)
    #expect(again.content == saved.content)
    return again.content == saved.content ? state : nil
  }

  @Test func countsThatTheBytesDoNotBear() throws {
    for saved in try small() {
      let content = saved.content
      // Nine bytes of 0x7F and 0xFF where lengths are: the greatest there are.
      for index in 8..<content.count - 9 {
        var false1 = content
        false1.replaceSubrange(index..<index + 9, with: Array(repeating: 0xFF, count: 8) + [0x7F])
        try expectRefusedOrCanonical(Saved(false1, like: saved.manifest))
      }
    }
  }

  @Test func nestingThatWouldOverflowTheStack() throws {
    let saved = try Saved(InputTopic.policy.emptyPartition(rules: CheckpointScene.rules))
    var writer = CheckpointWriter()
    writer.frame(.system) {
      $0.text("a")
      $0.bool(false)
    }
    writer.frame(.policy) {
      $0.text("p")
      for _ in 0..<2 { $0.integer(0) }
      $0.bool(false)
      for _ in 0..<3 { $0.integer(0) }
      $0.integer(1)
      $0.length(1)
      $0.integer(0)
      $0.length(1)
      $0.text("x")
      for _ in 0..<1_000_000 { $0.raw([5, 1]) }
    }
    // The header's frame is 34 bytes with magic and version; the end's 25.
    let content = saved.content
    let nested = content[..<34] + writer.take(.max) + content[34...]
    guard case .malformed(_, let reason)? = Saved(Array(nested), like: saved.manifest).refusal()
    else {
      Issue.record("taken")
      return
    }
    #expect(reason == "a value that nests too deep")
  }

  @Test func otherTopics() throws {
    for saved in try small() {
      for input in InputTopic.allCases where input != saved.manifest.input {
        #expect(throws: CheckpointError.wrongInput(expected: input, found: saved.manifest.input)) {
          _ = try CheckpointDecoder(saved.manifest, input: input)
        }
      }
    }
  }

  @Test func otherVersions() throws {
    let saved = try #require(try small().first)
    var content = saved.content
    content[6] = 2
    #expect(Saved(content, like: saved.manifest).refusal() == .unknownVersion(2))
    content[6] = 1
    content[7] = 1
    #expect(Saved(content, like: saved.manifest).refusal() == .unknownVersion(257))
    content[0] = 0
    #expect(
      Saved(content, like: saved.manifest).refusal()
        == .malformed(at: 1, "not a checkpoint's content"))
  }

  @Test func chunksThatAreTooManyMissingOrInAnotherOrder() throws {
    let scene = try CheckpointScene.after(CheckpointScene.everything(seed: 5)[...])
    let saved = try Saved(try #require(scene.partitions.last), chunkBytes: 500)
    try #require(saved.chunks.count > 2)
    var other = saved
    other.chunks.append([])
    let tooLong = CheckpointError.tooLong(
      chunks: saved.manifest.chunkCount, bytes: saved.manifest.byteCount)
    #expect(other.refusal() == tooLong)
    other = saved
    other.chunks[0].append(0)
    #expect(other.refusal() == tooLong)
    other = saved
    other.chunks.removeLast()
    guard case .truncated? = other.refusal() else { throw tooLong }
    other = saved
    other.chunks.swapAt(0, 1)
    guard case .hashMismatch? = other.refusal() else { throw tooLong }
  }

  @Test func statesOfOtherStores() throws {
    #expect(throws: CheckpointError.unsupportedState) {
      _ = try CheckpointEncoder(OtherState(), position: 0)
    }
  }

  @Test func errorsAreOneSentence() {
    let errors: [CheckpointError] = [
      .notAManifest("the member `a` is missing."), .unknownVersion(9),
      .wrongInput(expected: .policy, found: .variety),
      .truncated(chunks: 1, of: 2, bytes: 3, ofBytes: 4), .tooLong(chunks: 1, bytes: 2),
      .hashMismatch(expected: 1, found: 2), .malformed(at: 7, "a frame ends within a field"),
      .contradiction("position"), .unsupportedState,
    ]
    for error in errors {
      #expect(error.description.hasSuffix("."))
      #expect(!error.description.contains("\n") && !error.description.contains(". "))
    }
  }
}

private struct OtherState: PartitionState {
  var systemCount: Int { 0 }
  let input = InputTopic.policy

  mutating func process(
    _ record: RawRecord, at position: Position, decoder: EventDecoder,
    into results: inout [ResultRecord]
  ) -> Disposition { .applied }
}

extension CheckpointManifest {
  fileprivate func cut(into chunks: Int64) -> CheckpointManifest {
    CheckpointManifest(
      version: version, input: input, position: position, chunkCount: chunks,
      byteCount: byteCount, hash: hash, systems: systems, records: records, rules: rules)
  }
}

extension [UInt8] {
  /// A few changes of the kinds that find the holes of decoders. The length of the frame in which
  /// a byte is added or removed is often off by as much, so it is corrected half of the time.
  fileprivate func mutated(using random: inout SplitMix64) -> [UInt8] {
    var bytes = self
    for _ in 0..<Int.random(in: 1...3, using: &random) {
      let at = Int.random(in: 8..<bytes.count, using: &random)
      switch Int.random(in: 0..<7, using: &random) {
      case 0: bytes[at] = UInt8.random(in: 0...255, using: &random)
      case 1: bytes[at] = [0, 1, 0x7F, 0x80, 0xFF].randomElement(using: &random) ?? 0
      case 2: bytes[at] &+= 1
      case 3:
        let end = Swift.min(bytes.count, at + 8)
        let fill: UInt8 = Bool.random(using: &random) ? 0xFF : 0x7F
        for index in at..<end { bytes[index] = fill }
      case 4: bytes.change(at, using: &random) { $0.remove(at: at) }
      case 5: bytes.change(at, using: &random) { $0.insert($0[at], at: at) }
      default:
        let other = Int.random(in: 8..<bytes.count, using: &random)
        bytes.swapAt(at, other)
      }
    }
    return bytes
  }

  private mutating func change(
    _ at: Int, using random: inout SplitMix64, _ body: (inout [UInt8]) -> Void
  ) {
    let before = count
    let frame = Bool.random(using: &random) ? frames.last { $0 <= at } : nil
    body(&self)
    if let frame, at > frame + 8 {
      self[frame] = UInt8(truncatingIfNeeded: Int(self[frame]) + count - before)
    }
  }

  /// Where frames begin.
  private var frames: [Int] {
    var starts: [Int] = []
    var at = 8
    while at + 9 <= count {
      starts.append(at)
      let length = self[at..<at + 4].reversed().reduce(0) { $0 << 8 | Int($1) }
      guard length > 0 else { break }
      at += 8 + length
    }
    return starts
  }
}
