/// A point of event time: microseconds since 1970-01-01T00:00:00Z, negative before.
///
/// The core never asks for the present; every timestamp comes from a record.
public struct Timestamp: Hashable, Comparable, Sendable {
  public let microseconds: Int64

  public init(microseconds: Int64) { self.microseconds = microseconds }

  /// From milliseconds since 1970, as Kafka counts; held to what fits.
  public init(milliseconds: Int64) {
    let (product, overflow) = milliseconds.multipliedReportingOverflow(by: 1000)
    self.microseconds = overflow ? (milliseconds < 0 ? .min : .max) : product
  }

  /// From seconds since 1970; held to what fits.
  public init(seconds: Int64) {
    let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000)
    self.microseconds = overflow ? (seconds < 0 ? .min : .max) : product
  }

  /// Milliseconds since 1970, rounded towards the past.
  public var milliseconds: Int64 { microseconds.flooredDivision(by: 1000) }

  public static func < (lhs: Timestamp, rhs: Timestamp) -> Bool {
    lhs.microseconds < rhs.microseconds
  }

  /// Moved by a span; held to what fits, since both may come from outside.
  public func advanced(by span: Span) -> Timestamp {
    let (sum, overflow) = microseconds.addingReportingOverflow(span.microseconds)
    return Timestamp(microseconds: overflow ? (span.microseconds < 0 ? .min : .max) : sum)
  }

  /// The span from `earlier` to this time; held to what fits.
  public func since(_ earlier: Timestamp) -> Span {
    let (difference, overflow) = microseconds.subtractingReportingOverflow(earlier.microseconds)
    return Span(microseconds: overflow ? (microseconds < 0 ? .min : .max) : difference)
  }

  /// The latest whole multiple of `period` since 1970 that is not after this time.
  ///
  /// - Parameter period: longer than nothing; otherwise the time itself is returned.
  public func boundary(of period: Span) -> Timestamp {
    guard period.microseconds > 0 else { return self }
    let count = microseconds.flooredDivision(by: period.microseconds)
    let (start, overflow) = count.multipliedReportingOverflow(by: period.microseconds)
    return overflow ? self : Timestamp(microseconds: start)
  }

  /// A length of event time in microseconds.
  public struct Span: Hashable, Comparable, Sendable {
    public let microseconds: Int64

    public init(microseconds: Int64) { self.microseconds = microseconds }

    public static let zero = Span(microseconds: 0)
    public static func seconds(_ count: Int64) -> Span {
      Span(microseconds: Timestamp(seconds: count).microseconds)
    }
    public static func minutes(_ count: Int64) -> Span { .seconds(count.clampedProduct(60)) }
    public static func hours(_ count: Int64) -> Span { .seconds(count.clampedProduct(3600)) }
    public static func days(_ count: Int64) -> Span { .seconds(count.clampedProduct(86_400)) }

    /// From a number of seconds that need not be whole; held to what fits.
    public init(seconds: Double) {
      let scaled = (seconds * 1_000_000).rounded()
      self.microseconds =
        Int64(exactly: scaled) ?? (scaled.isNaN ? 0 : scaled < 0 ? .min : .max)
    }

    public var seconds: Double { Double(microseconds) / 1_000_000 }

    public static func < (lhs: Span, rhs: Span) -> Bool { lhs.microseconds < rhs.microseconds }

    /// The other way; held to what fits.
    public static prefix func - (span: Span) -> Span {
      Span(microseconds: span.microseconds == .min ? .max : -span.microseconds)
    }
  }
}

extension Int64 {
  /// Division that rounds towards negative infinity, so that times before 1970 keep their order.
  func flooredDivision(by divisor: Int64) -> Int64 {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? quotient - 1 : quotient
  }

  func clampedProduct(_ factor: Int64) -> Int64 {
    let (product, overflow) = multipliedReportingOverflow(by: factor)
    return overflow ? (self < 0 ? .min : .max) : product
  }
}
