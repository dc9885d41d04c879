/// A point of a source's time series.
public struct Measurement: Hashable, Sendable {
  public var source: Text
  public var role: Role
  public var variety: Double
  public var capacity: Double
  public var metadata: JSONObject
  public var time: Timestamp

  public init(
    source: Text, role: Role, variety: Double, capacity: Double, metadata: JSONObject,
    time: Timestamp
  ) {
    self.source = source
    self.role = role
    self.variety = variety
    self.capacity = capacity
    self.metadata = metadata
    self.time = time
  }
}

/// How much an amplifier or attenuator changes variety.
public struct Conversion: Hashable, Sendable {
  public var inputVariety: Double
  public var outputVariety: Double
  public var time: Timestamp

  public init(inputVariety: Double, outputVariety: Double, time: Timestamp) {
    self.inputVariety = inputVariety
    self.outputVariety = outputVariety
    self.time = time
  }

  /// Output / input; 0 when input is 0.
  public var factor: Double { inputVariety == 0 ? 0 : outputVariety / inputVariety }
}
