/// Whole numbers as their distance from the least, in as many bits as the greatest distance needs
/// ("frame of reference": J. Goldstein, R. Ramakrishnan, U. Shaft, "Compressing Relations and
/// Indexes", 1998). Each is read by itself.
struct PackedIntegers: Hashable, Sendable {
  private let least: Int64
  /// 0 … 64.
  private let width: Int
  private let words: [UInt64]

  /// - Parameter values: any, also those whose distance fits only 64 bits without a sign.
  init(_ values: [Int64]) {
    let least = values.min() ?? 0
    let greatest = UInt64(bitPattern: (values.max() ?? 0) &- least)
    let width = UInt64.bitWidth - greatest.leadingZeroBitCount
    var words = [UInt64](repeating: 0, count: (values.count * width + 63) / 64)
    if width > 0 {
      for (index, value) in values.enumerated() {
        let distance = UInt64(bitPattern: value &- least)
        let (word, shift) = (index * width / 64, index * width % 64)
        words[word] |= distance << UInt64(shift)
        if shift + width > 64 { words[word + 1] |= distance >> UInt64(64 - shift) }
      }
    }
    self.least = least
    self.width = width
    self.words = words
  }

  /// - Parameter index: of one of the values.
  subscript(index: Int) -> Int64 {
    if width == 0 { return least }
    let (word, shift) = (index * width / 64, index * width % 64)
    var distance = words[word] >> UInt64(shift)
    if shift + width > 64 { distance |= words[word + 1] << UInt64(64 - shift) }
    return least &+ Int64(bitPattern: distance & (UInt64.max >> UInt64(64 - width)))
  }

  var heapBytes: Int { Footprint.storage(words) }
}

/// Times in order, as how far each lies from where it would at even intervals: nothing for a sensor
/// that keeps time, a few bits for one that wavers.
struct PackedTimes: Hashable, Sendable {
  private let start: Int64
  private let interval: Int64
  private let offsets: PackedIntegers

  // What wraps around here does so back there: times of a checkpoint may be any.
  init(_ times: [Timestamp]) {
    let start = times.first?.microseconds ?? 0
    let span = (times.last?.microseconds ?? 0) &- start
    let interval = span / Int64(max(1, times.count - 1))
    self.start = start
    self.interval = interval
    offsets = PackedIntegers(
      times.enumerated().map { $1.microseconds &- (start &+ Int64($0) &* interval) })
  }

  subscript(index: Int) -> Timestamp {
    Timestamp(microseconds: start &+ Int64(index) &* interval &+ offsets[index])
  }

  var heapBytes: Int { offsets.heapBytes }
}

/// Numbers as whole multiples of the last decimal digit that any of them has, if that gives back
/// every bit of all of them; otherwise their bits. After A. Afroozeh, L. Kuffó, P. Boncz, "ALP:
/// Adaptive Lossless Floating-Point Compression" (2023), without its exceptions.
struct PackedNumbers: Hashable, Sendable {
  /// 1, 10, 100 …; 0 where the integers are bit patterns.
  private let scale: Double
  private let integers: PackedIntegers

  init(_ numbers: [Double]) {
    if let (scale, multiples) = PackedNumbers.decimals(numbers) {
      self.scale = scale
      integers = PackedIntegers(multiples)
    } else {
      scale = 0
      integers = PackedIntegers(numbers.map { Int64(bitPattern: $0.bitPattern) })
    }
  }

  subscript(index: Int) -> Double {
    let integer = integers[index]
    return scale == 0
      ? Double(bitPattern: UInt64(bitPattern: integer)) : Double(integer) / scale
  }

  var heapBytes: Int { integers.heapBytes }

  /// More digits than this take no fewer bits than the bit pattern does.
  private static let greatestScale = 1e12

  private static func decimals(_ numbers: [Double]) -> (scale: Double, multiples: [Int64])? {
    var scale = 1.0
    for number in numbers {
      while multiple(number, scale) == nil {
        scale *= 10
        if scale > greatestScale { return nil }
      }
    }
    var multiples: [Int64] = []
    multiples.reserveCapacity(numbers.count)
    for number in numbers {
      // A number of few digits need not come back from a division by more.
      guard let multiple = multiple(number, scale) else { return nil }
      multiples.append(multiple)
    }
    return (scale, multiples)
  }

  /// nil if it would not give back the number, bit for bit.
  private static func multiple(_ number: Double, _ scale: Double) -> Int64? {
    let scaled = (number * scale).rounded()
    guard abs(scaled) < 0x1p53 else { return nil }
    let multiple = Int64(scaled)
    return (Double(multiple) / scale).bitPattern == number.bitPattern ? multiple : nil
  }
}
