/// The settings that shape results: two workers with the same rules and the same log publish the
/// same bytes. Whatever only tunes the process is not here.
public struct Rules: Hashable, Sendable {
  /// How far event time may be ahead of the record's timestamp.
  public var futureTolerance: Timestamp.Span = .minutes(5)
  /// How many applied events of a shard are remembered to recognise a redelivery. 1 or more.
  public var redeliveryWindow = 131_072

  /// How many versions of a policy are kept. 1 or more.
  public var policyVersions = 10

  /// An adaptation above this effectiveness supports a pattern.
  public var patternEffectiveness = 0.6
  /// How many adaptations make a pattern. 1 or more.
  public var minOccurrences = 3
  /// How much event time lies between extractions.
  public var extractionPeriod: Timestamp.Span = .minutes(30)
  /// From this effectiveness on an adaptation counts as successful.
  public var successfulEffectiveness = 0.7

  /// How long a time series is kept, in stream time.
  public var varietyRetention: Timestamp.Span = .days(7)
  /// How much event time lies between trend analyses.
  public var trendPeriod: Timestamp.Span = .minutes(15)
  /// The least stream time between gap analyses of which only the totals differ.
  public var gapInterval: Timestamp.Span = .seconds(30)

  public var limits = Limits()

  public init() {}

  /// What one viable system or one event may take up.
  public struct Limits: Hashable, Sendable {
    public var policies = 100_000
    public var adaptations = 1_000_000
    /// Sources; amplifiers and attenuators are held to the same number each.
    public var sources = 10_000
    /// The largest `data` or `metadata` in one event, in bytes of its canonical text.
    public var freeFormBytes = 65_536

    public init() {}
  }

  /// The largest magnitude of a variety, capacity, impact or threshold. Far beyond any use, and
  /// small enough that no sum, square or regression over a full store leaves the range of a Double.
  public static let largestNumber = 1e100
}
