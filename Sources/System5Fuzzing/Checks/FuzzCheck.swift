import System5Core
import System5Wire

/// What must hold for an input and did not.
public struct FuzzFailure: Error, CustomStringConvertible, Sendable {
  public let description: String

  init(_ description: String) { self.description = description }
}

/// Checks inputs one after another. Confined to one thread.
public final class FuzzCheck {
  private let records: RecordCheck
  private let lines = LineCheck()
  private let json = JSONCheck()
  private let checkpoints: CheckpointCheck
  private let shelves: ShelfCheck

  public init() {
    records = RecordCheck()
    checkpoints = CheckpointCheck(records)
    shelves = ShelfCheck()
  }

  /// - Returns: a word on what became of the input, so that inputs that do something new can be
  ///   told from the others.
  /// - Throws: ``FuzzFailure``; what traps or hangs does not return at all.
  public func check(_ input: FuzzInput) throws(FuzzFailure) -> String {
    let outcome =
      switch input.target {
      case .records: try records.check(RecordSequence(bytes: input.payload))
      case .lines: try lines.check(input.payload)
      case .json: try json.check(input.payload)
      case .checkpoints: try checkpoints.check(CheckpointContent(bytes: input.payload))
      case .manifests: try checkpoints.checkManifest(input.payload)
      case .shelves: try shelves.check(ShelfRecords(bytes: input.payload))
      }
    return "\(input.target.rawValue)" + outcome
  }
}

func expect(_ condition: Bool, _ message: @autoclosure () -> String) throws(FuzzFailure) {
  guard condition else { throw FuzzFailure(message()) }
}

extension RawHeader {
  /// Byte for byte, where `==` takes two spellings of one name to be the same.
  func isExactly(_ other: RawHeader) -> Bool {
    name.utf8.elementsEqual(other.name.utf8) && value == other.value
  }
}

extension [RawHeader] {
  func isExactly(_ other: [RawHeader]) -> Bool {
    count == other.count && zip(self, other).allSatisfy { $0.isExactly($1) }
  }
}

extension ResultRecord {
  func isExactly(_ other: ResultRecord) -> Bool {
    self == other && headers.isExactly(other.headers)
  }
}

extension String {
  /// A message without what differs from input to input: numbers, and what is quoted unless it is
  /// the name of a member.
  var shape: String {
    var kept: [UInt8] = []
    let pieces = utf8.split(separator: UInt8(ascii: "`"), omittingEmptySubsequences: false)
    for (index, piece) in pieces.enumerated()
    where index % 2 == 0 || piece.starts(with: "data.".utf8) {
      kept.append(contentsOf: piece.lazy.filter { !(0x30...0x39).contains($0) })
    }
    return String(decoding: kept.prefix(60), as: UTF8.self)
  }
}
