/// What is fuzzed. The raw value is the first byte of an input, so they must not change.
public enum FuzzTarget: UInt8, CaseIterable, Sendable {
  /// Records through decoder, store and encoder: a ``RecordSequence``.
  case records
  /// A record line.
  case lines
  /// A JSON document.
  case json
  /// The content of a checkpoint under a right hash: a ``CheckpointContent``.
  case checkpoints
  /// The line of a manifest.
  case manifests
  /// Records of a checkpoint topic: a ``ShelfRecords``.
  case shelves
}

extension FuzzTarget {
  public init?(name: String) {
    guard let target = FuzzTarget.allCases.first(where: { "\($0)" == name }) else { return nil }
    self = target
  }
}

/// One input: plain bytes, so that a failure can be written down and fed in again, and so that a
/// fuzzer that knows nothing of their meaning can mutate them too.
public struct FuzzInput: Hashable, Sendable {
  public var target: FuzzTarget
  public var payload: [UInt8]

  public init(_ target: FuzzTarget, _ payload: [UInt8]) {
    self.target = target
    self.payload = payload
  }

  public init(bytes: some Collection<UInt8>) {
    let targets = FuzzTarget.allCases
    target = targets[Int(bytes.first ?? 0) % targets.count]
    payload = Array(bytes.dropFirst())
  }

  public var bytes: [UInt8] { [target.rawValue] + payload }
}
