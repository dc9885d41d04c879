import CSimdjson
import System5Core

/// Why bytes were not taken as JSON.
public struct JSONError: Error, Hashable, Sendable {
  public enum Kind: Hashable, Sendable { case invalid, tooDeep }

  public let kind: Kind
  /// What is wrong, without a subject: `a malformed number`.
  public let message: String
  /// Where, in bytes from the start; nil if not known.
  public let offset: Int64?

  /// `a malformed number at byte 17`.
  public var description: String { offset.map { "\(message) at byte \($0)" } ?? message }
}

/// Parses JSON documents one after another, with buffers that it keeps. Confined to one thread.
public final class JSONParser {
  /// How deep arrays and objects may nest in an event.
  public static let eventDepth = 64
  /// How deep they may nest in a record line, which is a file's and may hold what is to be refused.
  public static let lineDepth = 1024

  private let handle: OpaquePointer?

  public init() {
    let words = Vocabulary.texts.map { s5_json_word($0) }
    handle = s5_json_parser_create(words, words.count)
  }

  deinit {
    if let handle { s5_json_parser_destroy(handle) }
  }

  /// The root of the document; it and all below it hold until the next call.
  ///
  /// - Parameter bytes: read during the call, and again through ``JSONNode/raw`` of the result.
  func parse(
    _ bytes: UnsafeRawBufferPointer, depth: Int = JSONParser.eventDepth
  ) throws(JSONError) -> JSONNode {
    guard let handle else { throw JSONError.noMemory }
    let limit = UInt32(clamping: depth)
    let result = s5_json_parse(handle, bytes.baseAddress, bytes.count, limit)
    guard result.status == S5_JSON_OK, let root = result.nodes, let text = result.text,
      let document = bytes.baseAddress
    else { throw JSONError(result) }
    return JSONNode(root: root, text: text, document: document)
  }

  /// A whole document as a value, with numbers as they are spelt.
  ///
  /// - Throws: ``JSONError`` also for a number that no `Double` can hold.
  public func value(
    of bytes: [UInt8], depth: Int = JSONParser.eventDepth
  ) throws(JSONError) -> JSONValue {
    let parsed: Result<JSONValue, JSONError> = bytes.withUnsafeBytes { buffer in
      Result { () throws(JSONError) in
        guard let value = try parse(buffer, depth: depth).value else {
          throw JSONError(kind: .invalid, message: "a number beyond all doubles", offset: nil)
        }
        return value
      }
    }
    return try parsed.get()
  }
}

extension JSONError {
  static var noMemory: JSONError {
    JSONError(kind: .invalid, message: "out of memory", offset: nil)
  }

  init(_ result: s5_json_result) {
    kind = result.status == S5_JSON_TOO_DEEP ? .tooDeep : .invalid
    message = result.message.map { String(cString: $0) } ?? "no JSON"
    offset = result.offset < 0 ? nil : result.offset
  }
}
