import Foundation
import System5Core
import System5Wire

/// A document that a JSON parser must take or refuse. The first letter of its name says which:
/// `y` taken, `n` refused as no JSON, `d` refused as too deep, `i` either.
public struct JSONCase: Sendable, CustomStringConvertible {
  public let name: String
  public let document: [UInt8]

  public var description: String { name }

  /// - Parameter file: one case a line, with its document as `text` or `base64`, or as `parts` of
  ///   these that may be repeated so many `times`.
  public static func read(_ file: [UInt8]) throws -> [JSONCase] {
    try file.split(separator: UInt8(ascii: "\n")).map { line in
      guard case .object(let members) = try JSONParser().value(of: Array(line)),
        case .string(let name)? = members["name"], let document = document(members)
      else { throw FuzzFailure("no case: \(String(decoding: line, as: UTF8.self))") }
      return JSONCase(name: name.string, document: document)
    }
  }

  private static func document(_ members: JSONObject) -> [UInt8]? {
    if case .string(let text)? = members["text"] { return Array(text.string.utf8) }
    if case .string(let text)? = members["base64"] {
      return Data(base64Encoded: text.string).map(Array.init)
    }
    guard case .array(let parts)? = members["parts"] else { return nil }
    return parts.reduce(into: [UInt8]?([])) { document, part in
      guard case .object(let members) = part, let piece = JSONCase.document(members) else {
        document = nil
        return
      }
      var times = 1
      if case .number(let number)? = members["times"] { times = Int(number.double) }
      document?.append(contentsOf: Array(repeating: piece, count: times).joined())
    }
  }
}
