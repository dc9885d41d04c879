/// What a run of points comes to: enough for extremes, mean and ordinary least squares over time,
/// and mergeable, so that a window is the merger of its blocks.
///
/// Moments are kept about the mean, where they do not cancel. Sources: B. P. Welford, "Note on a
/// Method for Calculating Corrected Sums of Squares and Products" (1962), for one more point;
/// T. F. Chan, G. H. Golub, R. J. LeVeque, "Updating Formulae and a Pairwise Algorithm for
/// Computing Sample Variances" (1979), for merging.
struct Summary: Hashable, Sendable {
  private(set) var count: Int64 = 1
  private(set) var min: Double
  private(set) var max: Double
  private(set) var mean: Double
  private(set) var firstTime: Timestamp
  private(set) var lastTime: Timestamp
  private(set) var lastValue: Double
  /// Mean time in seconds after `origin`. Times are counted from the first point, as seconds since
  /// 1970 would leave too few digits for fractions.
  private var meanTime = 0.0
  private var origin: Timestamp
  /// Sums of squares and products about the means.
  private var timeSquares = 0.0
  private var valueSquares = 0.0
  private var products = 0.0

  init(_ value: Double, at time: Timestamp) {
    min = value
    max = value
    mean = value
    lastValue = value
    firstTime = time
    lastTime = time
    origin = time
  }

  /// Adds a point that is no earlier than those before it.
  mutating func add(_ value: Double, at time: Timestamp) {
    count += 1
    let share = 1 / Double(count)
    let timeDelta = time.since(origin).seconds - meanTime
    let valueDelta = value - mean
    meanTime += timeDelta * share
    mean += valueDelta * share
    timeSquares += timeDelta * (time.since(origin).seconds - meanTime)
    valueSquares += valueDelta * (value - mean)
    products += timeDelta * (value - mean)
    min = Swift.min(min, value)
    max = Swift.max(max, value)
    lastTime = time
    lastValue = value
  }

  /// This run followed by a later one.
  func merged(with later: Summary) -> Summary {
    var merged = self
    let total = Double(count + later.count)
    let share = Double(later.count) / total
    let weight = Double(count) * share
    let timeDelta = later.origin.since(origin).seconds + later.meanTime - meanTime
    let valueDelta = later.mean - mean
    merged.count += later.count
    merged.meanTime += timeDelta * share
    merged.mean += valueDelta * share
    merged.timeSquares += later.timeSquares + timeDelta * timeDelta * weight
    merged.valueSquares += later.valueSquares + valueDelta * valueDelta * weight
    merged.products += later.products + timeDelta * valueDelta * weight
    merged.min = Swift.min(min, later.min)
    merged.max = Swift.max(max, later.max)
    merged.lastTime = later.lastTime
    merged.lastValue = later.lastValue
    return merged
  }

  /// The least-squares slope per second; 0 where the values or the times do not differ.
  var slope: Double {
    guard min < max, timeSquares > 0 else { return 0 }
    return products / timeSquares
  }

  /// Whether the slope differs from 0 at the 5 % level, two-sided; a perfect fit with a slope does.
  /// False below three points.
  var isSlopeSignificant: Bool {
    guard count >= 3, slope != 0 else { return false }
    let explained = products * products / timeSquares
    let residual = Swift.max(0, valueSquares - explained)
    let critical = StudentT.critical(degreesOfFreedom: count - 2)
    return explained * Double(count - 2) > critical * critical * residual
  }
}

/// The two-sided 5 % points of Student's t distribution.
enum StudentT {
  /// - Parameter degreesOfFreedom: 1 or more.
  ///
  /// A table up to 30; beyond, the Cornish-Fisher expansion (Abramowitz and Stegun 26.7.5), which
  /// is exact there to 7 digits. Both need only arithmetic that is the same on every machine.
  static func critical(degreesOfFreedom: Int64) -> Double {
    if degreesOfFreedom <= Int64(table.count) {
      return table[Int(Swift.max(1, degreesOfFreedom)) - 1]
    }
    let inverse = 1 / Double(degreesOfFreedom)
    return expansion.reversed().reduce(0) { $0 * inverse + $1 }
  }

  private static let table: [Double] = [
    12.706204736174694, 4.302652729749462, 3.1824463052837078, 2.7764451051977934,
    2.5705818356363146, 2.4469118511449786, 2.364624251592784, 2.306004135204166,
    2.262157162798205, 2.228138851986274, 2.200985160091639, 2.1788128296672284,
    2.1603686564627913, 2.144786687917804, 2.131449545559776, 2.1199052992212546,
    2.1098155778333156, 2.1009220402410382, 2.0930240544083087, 2.085963447265864,
    2.0796138447276795, 2.0738730679040254, 2.0686576104190486, 2.0638985616280245,
    2.0595385527532972, 2.0555294386428735, 2.0518305164802846, 2.0484071417952454,
    2.045229642132703, 2.0422724563012378,
  ]

  /// The expansion's coefficients of ν^0, ν^-1 … for z = 1.959963984540054.
  private static let expansion: [Double] = {
    let z = 1.959963984540054
    let s = z * z
    return [
      z,
      z * (s + 1) / 4,
      z * ((5 * s + 16) * s + 3) / 96,
      z * (((3 * s + 19) * s + 17) * s - 15) / 384,
      z * ((((79 * s + 776) * s + 1482) * s - 1920) * s - 945) / 92_160,
    ]
  }()
}
