import Foundation
import System5Core

/// Gathers what each source says.
enum SettingsSources {
  /// Variables with our prefix that are no settings: those of the tests, and the file's name.
  private static let otherVariables: Set<String> = [
    "SYSTEM5_CONFIG", "SYSTEM5_BIN", "SYSTEM5_RELEASE_BIN",
  ]
  private static let variablePrefix = "SYSTEM5_"

  static let defaults = Dictionary(
    uniqueKeysWithValues: Setting.all.compactMap { setting in
      setting.standard.map { (setting.key, $0) }
    })

  /// `SYSTEM5_COMMIT_INTERVAL_MS` is `commit.interval.ms`.
  static func environment(_ variables: [String: String]) -> [String: String] {
    var values: [String: String] = [:]
    for (name, value) in variables where name.hasPrefix(variablePrefix) {
      if otherVariables.contains(name) || name.hasPrefix("SYSTEM5_TEST_") { continue }
      let key = name.dropFirst(variablePrefix.count).lowercased()
      values[key.replacingOccurrences(of: "_", with: ".")] = value
    }
    return values
  }

  /// A JSON object; objects within it and dots in its names mean the same.
  static func file(_ path: String) throws(CommandFailure) -> [String: String] {
    var values: [String: String] = [:]
    let object = try JSONFile.object(at: path, as: "settings")
    try flatten(object, under: "", of: path, into: &values)
    return values
  }

  private static func flatten(
    _ object: JSONObject, under prefix: String, of path: String,
    into values: inout [String: String]
  ) throws(CommandFailure) {
    for member in object.members where prefix + member.name.string != "$schema" {
      let key = prefix + member.name.string
      if let inner = member.value.object {
        try flatten(inner, under: key + ".", of: path, into: &values)
      } else if let text = scalar(member.value) {
        if values.updateValue(text, forKey: key) != nil {
          throw CommandFailure(.configuration, "\(path) says \(key) twice")
        }
      } else {
        throw CommandFailure(
          .configuration, "\(key) in \(path) must be a string, a number or a boolean")
      }
    }
  }

  private static func scalar(_ value: JSONValue) -> String? {
    switch value {
    case .string(let text): text.string
    case .number(let number): number.text.string
    case .bool(let flag): flag ? "true" : "false"
    case .null, .array, .object: nil
    }
  }
}
