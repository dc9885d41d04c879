import System5Core

/// What writer and reader of a checkpoint agree on. `Format.md` says it byte by byte.
public enum CheckpointFormat {
  /// The one version that this program reads and writes.
  public static let version: Int64 = 1
  /// How large chunks are unless told otherwise: well below what brokers take by default.
  public static let defaultChunkBytes = 512 * 1024

  /// The content's first bytes; two more say the version.
  static let magic = Array("S5CKPT".utf8)
  /// How many events one ``FrameKind/window`` holds at most.
  static let windowFrame = 512
  /// How deep arrays and objects may nest; twice as deep as in any event.
  static let depth = 2 * JSONParser.eventDepth
}

/// What a frame holds, in the order in which they stand.
enum FrameKind: UInt8 {
  case header = 1
  case system = 2
  case window = 3
  case end = 4

  case policy = 16

  case derivedPattern = 32
  case adaptation = 33
  case learnedPattern = 34
  case transferredPattern = 35

  case amplifier = 48
  case attenuator = 49
  case source = 50
  /// Points of the source before it.
  case block = 51
  case alert = 52
}

/// A value of few cases as one byte, which must not follow the order of its declaration.
protocol CheckpointCode: Hashable {
  static var codes: [Self] { get }
}

extension InputTopic: CheckpointCode {
  static let codes: [InputTopic] = [.policy, .adaptation, .variety]
}

extension Role: CheckpointCode {
  static let codes: [Role] = [.environment, .system]
}

extension Direction: CheckpointCode {
  static let codes: [Direction] = [.above, .below]
}

extension Alert.Kind: CheckpointCode {
  static let codes: [Alert.Kind] = [.varietyThreshold, .requisiteVariety, .criticalTrend]
}
