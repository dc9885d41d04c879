import System5Testing

/// Changes to a checkpoint's content that know of frames: their lengths stay right, so that what
/// reads their fields is reached.
enum FrameMutation {
  static func mutate(
    _ content: inout [UInt8], with other: [UInt8], using random: inout SplitMix64
  ) {
    let frames = CheckpointFrames(content).ranges
    guard !frames.isEmpty, !random.chance(8) else {
      ByteMutation.mutate(&content, with: other, using: &random)
      return
    }
    let frame = frames[random.below(frames.count)]
    switch random.below(12) {
    case 0: content.removeSubrange(frame)
    case 1: content.insert(contentsOf: content[frame], at: random.pick(frames).lowerBound)
    case 2: swap(frame, random.pick(frames), in: &content)
    case 3: take(from: other, into: frame, of: &content, &random)
    case 4:
      content[frame.lowerBound + 8] = random.pick([
        1, 2, 3, 4, 16, 32, 33, 34, 35, 48, 49, 50, 51, 52, 0,
      ])
    default: mutateBody(frame, of: &content, &random)
    }
  }

  private static func swap(_ one: Range<Int>, _ two: Range<Int>, in content: inout [UInt8]) {
    guard one.upperBound <= two.lowerBound else { return }
    let (first, second) = (Array(content[one]), Array(content[two]))
    content.replaceSubrange(two, with: first)
    content.replaceSubrange(one, with: second)
  }

  private static func take(
    from other: [UInt8], into frame: Range<Int>, of content: inout [UInt8],
    _ random: inout SplitMix64
  ) {
    let frames = CheckpointFrames(other).ranges
    guard !frames.isEmpty else { return }
    let place = random.chance(2) ? frame : frame.lowerBound..<frame.lowerBound
    content.replaceSubrange(place, with: other[random.pick(frames)])
  }

  private static func mutateBody(
    _ frame: Range<Int>, of content: inout [UInt8], _ random: inout SplitMix64
  ) {
    var body = Array(content[(frame.lowerBound + 9)..<frame.upperBound])
    for _ in 0...random.below(2) { mutateField(&body, &random) }
    var length: [UInt8] = []
    length.append(UInt64(body.count + 1), width: 8)
    content.replaceSubrange((frame.lowerBound + 9)..<frame.upperBound, with: body)
    content.replaceSubrange(frame.lowerBound..<frame.lowerBound + 8, with: length)
  }

  private static func mutateField(_ body: inout [UInt8], _ random: inout SplitMix64) {
    guard !body.isEmpty else {
      body = [UInt8(random.below(256))]
      return
    }
    let at = random.below(body.count)
    switch random.below(8) {
    case 0: body[at] = UInt8(random.below(256))
    case 1: body[at] = random.pick([0, 1, 2, 0x7F, 0x80, 0xFF])
    case 2: body[at] &+= random.chance(2) ? 1 : 0xFF
    case 3: body.remove(at: at)
    case 4: body.insert(body[at], at: at)
    case 5, 6: replaceWord(at, of: &body, &random)
    default: body[at] ^= 1 << UInt8(random.below(8))
    }
  }

  private static let words: [UInt64] = [
    0, 1, 2, .max, UInt64(Int64.max), UInt64(Int64.max) + 1, 1 << 53, 1 << 62, 1 << 32,
    Double.infinity.bitPattern, Double.nan.bitPattern, Double.greatestFiniteMagnitude.bitPattern,
    (-0.0).bitPattern, (1e100).bitPattern, (-1e308).bitPattern,
    Double.leastNonzeroMagnitude.bitPattern,
    UInt64(bitPattern: -62_167_219_200_000_001), 253_402_300_800_000_000,
  ]

  private static func replaceWord(
    _ at: Int, of body: inout [UInt8], _ random: inout SplitMix64
  ) {
    let word = random.chance(4) ? random.next() : random.pick(words)
    for place in 0..<8 where at + place < body.count {
      body[at + place] = UInt8(truncatingIfNeeded: word >> UInt64(8 * place))
    }
  }
}
