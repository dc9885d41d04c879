import Foundation
import System5Core

/// JSON that a person has written: settings, rules, definitions. Not for the path of events.
enum JSONFile {
  /// Reads a file that must hold an object.
  static func object(
    at path: String, as purpose: String
  ) throws(CommandFailure) -> JSONObject {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw CommandFailure(.configuration, "cannot read the \(purpose) in \(path)")
    }
    guard case .object(let object)? = parse(data) else {
      throw CommandFailure(.configuration, "\(path) must hold a JSON object: the \(purpose)")
    }
    return object
  }

  /// nil for what is no JSON.
  static func parse(_ data: Data) -> JSONValue? {
    try? JSONDecoder().decode(Decoded.self, from: data).value
  }

  private struct Decoded: Decodable {
    let value: JSONValue

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if container.decodeNil() {
        value = .null
      } else if let flag = try? container.decode(Bool.self) {
        value = .bool(flag)
      } else if let integer = try? container.decode(Int64.self) {
        value = .number(JSONNumber(integer))
      } else if let number = try? container.decode(Double.self) {
        value = JSONNumber(number).map(JSONValue.number) ?? .null
      } else if let string = try? container.decode(String.self) {
        value = .string(Text(string))
      } else if let elements = try? container.decode([Decoded].self) {
        value = .array(elements.map(\.value))
      } else {
        let members = try container.decode([String: Decoded].self)
        value = .object(
          JSONObject(members.map { JSONObject.Member(name: Text($0.key), value: $0.value.value) }))
      }
    }
  }
}

extension JSONValue {
  var text: String? { if case .string(let text) = self { text.string } else { nil } }
  var number: Double? { if case .number(let number) = self { number.double } else { nil } }
  var integer: Int? {
    if case .number(let number) = self { Int(number.text.string) } else { nil }
  }
  var object: JSONObject? { if case .object(let object) = self { object } else { nil } }
  var elements: [JSONValue]? { if case .array(let elements) = self { elements } else { nil } }
}
