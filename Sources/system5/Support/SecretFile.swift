import Foundation

/// A file that holds a secret and nothing else.
enum SecretFile {
  /// The content without the line end that editors add.
  ///
  /// - Parameter setting: what names the file, for people.
  static func read(_ path: String, for setting: String) throws(CommandFailure) -> String {
    guard let data = FileManager.default.contents(atPath: path),
      let text = String(data: data, encoding: .utf8)
    else { throw CommandFailure(.configuration, "\(setting): cannot read \(path)") }
    // A carriage return and a line feed are one character here.
    let secret = text.last?.isNewline ?? false ? String(text.dropLast()) : text
    if secret.isEmpty { throw CommandFailure(.configuration, "\(setting): \(path) is empty") }
    return secret
  }
}
