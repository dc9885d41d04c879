import System5Core
import Testing

@Suite struct TimestampTests {
  @Test(
    arguments: [
      (0, 0), (1, 0), (59, 0), (60, 60), (61, 60), (-1, -60), (-60, -60), (-61, -120),
    ] as [(Int64, Int64)])
  func boundaryIsTheMultipleNotAfter(seconds: Int64, expected: Int64) {
    let boundary = Timestamp(seconds: seconds).boundary(of: .minutes(1))
    #expect(boundary == Timestamp(seconds: expected))
  }

  @Test func boundaryOfExtremes() {
    let time = Timestamp(seconds: 7)
    #expect(time.boundary(of: .zero) == time)
    #expect(time.boundary(of: -.seconds(1)) == time)
    let first = Timestamp(microseconds: .min)
    #expect(first.boundary(of: .days(30)) == first)
  }

  @Test func holdsToWhatFits() {
    let last = Timestamp(microseconds: .max)
    let first = Timestamp(microseconds: .min)
    #expect(last.advanced(by: .seconds(1)) == last)
    #expect(first.advanced(by: -.seconds(1)) == first)
    #expect(last.since(first) == Timestamp.Span(microseconds: .max))
    #expect(Timestamp(milliseconds: .max) == last)
    #expect(Timestamp(seconds: .min) == first)
    #expect(Timestamp.Span(seconds: .infinity) == Timestamp.Span(microseconds: .max))
    #expect(Timestamp.Span(seconds: .nan) == .zero)
  }

  @Test func millisecondsRoundTowardsThePast() {
    #expect(Timestamp(microseconds: -1).milliseconds == -1)
    #expect(Timestamp(microseconds: 1999).milliseconds == 1)
  }
}
