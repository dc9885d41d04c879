import System5Core

/// Why a checkpoint cannot be written or taken.
public enum CheckpointError: Error, Hashable, Sendable {
  /// The line is no manifest; what is wrong with it, as a sentence.
  case notAManifest(String)
  /// Written by a program that knows a later format.
  case unknownVersion(Int64)
  case wrongInput(expected: InputTopic, found: InputTopic)
  /// Less came than the manifest says. Counts of chunks, and of bytes.
  case truncated(chunks: Int64, of: Int64, bytes: Int64, ofBytes: Int64)
  /// More came than the manifest says.
  case tooLong(chunks: Int64, bytes: Int64)
  case hashMismatch(expected: UInt64, found: UInt64)
  /// The content is intact and not what the format says; what is wrong, without a subject, and
  /// where, in bytes from the content's start.
  case malformed(at: Int64, String)
  /// The manifest is another checkpoint's; which of its members differs.
  case contradiction(String)
  /// The state is none of the three that the format knows.
  case unsupportedState
}

extension CheckpointError: CustomStringConvertible {
  /// One sentence.
  public var description: String {
    switch self {
    case .notAManifest(let reason): "The line is not the manifest of a checkpoint: \(reason)"
    case .unknownVersion(let version):
      "The checkpoint has format version \(version); this program knows version "
        + "\(CheckpointFormat.version)."
    case .wrongInput(let expected, let found):
      "The checkpoint is of \(found.suffix); one of \(expected.suffix) was expected."
    case .truncated(let chunks, let allChunks, let bytes, let allBytes):
      "The checkpoint is incomplete: \(chunks) of \(allChunks) chunks and \(bytes) of "
        + "\(allBytes) bytes are there."
    case .tooLong(let chunks, let bytes):
      "The checkpoint is longer than the \(chunks) chunks and \(bytes) bytes that its manifest "
        + "says."
    case .hashMismatch(let expected, let found):
      "The checkpoint is damaged: its checksum is \(found.hexadecimal), and its manifest says "
        + "\(expected.hexadecimal)."
    case .malformed(let offset, let reason):
      "The checkpoint is malformed at byte \(offset): \(reason)."
    case .contradiction(let member):
      "The checkpoint and its manifest differ in `\(member)`."
    case .unsupportedState:
      "A checkpoint holds a policy, an adaptation or a variety store; the state has another."
    }
  }
}
