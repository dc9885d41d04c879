/// The sum of numbers, its rounding errors summed beside it (Neumaier 1974), so that equal totals
/// come out equal whichever numbers make them up. What is 30 orders of magnitude below the rest is
/// lost.
func referenceSum(_ numbers: some Sequence<Double>) -> Double {
  var sum = 0.0
  var error = 0.0
  for number in numbers {
    let next = sum + number
    error += abs(sum) >= abs(number) ? (sum - next) + number : (number - next) + sum
    sum = next
  }
  return sum + error
}

func referenceMean(_ numbers: [Double]) -> Double {
  // Halves first, so that no sum leaves the range of numbers.
  let sum = referenceSum(numbers)
  if sum.isFinite { return sum / Double(numbers.count) }
  return referenceSum(numbers.map { $0 / Double(numbers.count) })
}

/// Wilson's 95 % interval of a share.
func referenceWilson(_ successes: Double, of count: Double) -> (low: Double, high: Double) {
  guard count > 0 else { return (0, 1) }
  let z = 1.959963984540054
  let share = successes / count
  let centre = share + z * z / (2 * count)
  let half = z * (share * (1 - share) / count + z * z / (4 * count * count)).squareRoot()
  let scale = 1 + z * z / count
  return ((centre - half) / scale, (centre + half) / scale)
}
