internal import System5Wire

/// Which side of Ashby's law a source stands on.
public enum VarietyRole: String, Sendable, Hashable, CaseIterable {
  case environment, system
}

/// Which side of a threshold.
public enum ThresholdDirection: String, Sendable, Hashable, CaseIterable {
  case above, below
}

/// A point of a source's time series. Varieties and capacities are 0 … 1e100.
public struct VarietyMeasured: System5Event, Hashable {
  public var source: String
  public var variety: Double
  /// As much as it could be; the variety itself where it is not given.
  public var capacity: Double?
  /// Without one, `environment`, `external` and `market` are environment and all others system; a
  /// source keeps the role it was last given.
  public var role: VarietyRole?
  public var metadata: [String: JSON]

  public init(
    _ source: String, variety: Double, capacity: Double? = nil, role: VarietyRole? = nil,
    metadata: [String: JSON] = [:]
  ) {
    self.source = source
    self.variety = variety
    self.capacity = capacity
    self.role = role
    self.metadata = metadata
  }

  public var content: EventContent {
    get throws(InvalidEvent) {
      EventContent(
        .varietyMeasured,
        [
          .string("source", source), try .number("variety", variety),
          try .optional("capacity", capacity), .string("role", role?.rawValue),
          try .optional("metadata", metadata),
        ])
    }
  }
}

/// What an amplifier made of the variety it was given.
public struct VarietyAmplified: System5Event, Hashable {
  public var amplifier: String
  public var inputVariety: Double
  public var outputVariety: Double

  public init(_ amplifier: String, inputVariety: Double, outputVariety: Double) {
    self.amplifier = amplifier
    self.inputVariety = inputVariety
    self.outputVariety = outputVariety
  }

  public var content: EventContent {
    get throws(InvalidEvent) {
      EventContent(
        .varietyAmplified,
        [
          .string("amplifier", amplifier), try .number("input_variety", inputVariety),
          try .number("output_variety", outputVariety),
        ])
    }
  }
}

/// What an attenuator left of the variety it was given.
public struct VarietyAttenuated: System5Event, Hashable {
  public var attenuator: String
  public var inputVariety: Double
  public var outputVariety: Double

  public init(_ attenuator: String, inputVariety: Double, outputVariety: Double) {
    self.attenuator = attenuator
    self.inputVariety = inputVariety
    self.outputVariety = outputVariety
  }

  public var content: EventContent {
    get throws(InvalidEvent) {
      EventContent(
        .varietyAttenuated,
        [
          .string("attenuator", attenuator), try .number("input_variety", inputVariety),
          try .number("output_variety", outputVariety),
        ])
    }
  }
}

/// Watches a source from its current value on.
public struct ThresholdSet: System5Event, Hashable {
  public var source: String
  public var threshold: Double
  public var direction: ThresholdDirection
  /// Where a firing alert resolves, not beyond the threshold; the threshold itself where it is not
  /// given.
  public var recoveryThreshold: Double?
  /// How long the threshold must be violated before the alert fires; not negative.
  public var duration: Duration

  public init(
    _ source: String, threshold: Double, direction: ThresholdDirection = .above,
    recoveryThreshold: Double? = nil, duration: Duration = .zero
  ) {
    self.source = source
    self.threshold = threshold
    self.direction = direction
    self.recoveryThreshold = recoveryThreshold
    self.duration = duration
  }

  public var content: EventContent {
    get throws(InvalidEvent) {
      EventContent(
        .thresholdSet,
        [
          .string("source", source), try .number("threshold", threshold),
          .string("direction", direction.rawValue),
          try .optional("recovery_threshold", recoveryThreshold),
          try .number("for_seconds", duration / .seconds(1)),
        ])
    }
  }
}

/// Stops watching a source; a firing alert resolves.
public struct ThresholdCleared: System5Event, Hashable {
  public var source: String
  /// Both where it is not given.
  public var direction: ThresholdDirection?

  public init(_ source: String, direction: ThresholdDirection? = nil) {
    self.source = source
    self.direction = direction
  }

  public var content: EventContent {
    EventContent(
      .thresholdCleared,
      [.string("source", source), .string("direction", direction?.rawValue)])
  }
}
