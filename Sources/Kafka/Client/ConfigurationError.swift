/// A configuration librdkafka does not accept, said without any value of it.
public struct ConfigurationError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The property at fault; `nil` if it is the combination, or the client could not be made.
  public let property: String?
  /// librdkafka's sentence, with values struck out.
  public let reason: String

  public init(property: String?, reason: String) {
    self.property = property
    self.reason = reason
  }

  public var description: String { reason }
}

/// Strikes values out of the sentences of librdkafka, which likes to quote them.
enum Redaction {
  static let mark = "***"

  /// The sentence about one refused property: whatever it quotes, save the name, and every word
  /// that is the value or a piece of it next to punctuation.
  static func sentence(_ sentence: String, property: String, value: String) -> String {
    let quoted = strikeQuotations(in: sentence, except: property)
    let words = quoted.split(separator: " ", omittingEmptySubsequences: false)
    let struck = words.map { core(of: $0) == value[...] ? Substring(mark) : $0 }
    let joined = struck.joined(separator: " ")
    return value.count >= 4 ? strike(value, in: joined, except: property) : joined
  }

  /// The sentence about a whole configuration: every value that its property marks as secret.
  static func sentence(_ sentence: String, configuration: ClientConfiguration) -> String {
    var result = sentence
    for (name, value) in configuration.properties where isSecret(name) {
      result = strike(value, in: result, except: name)
    }
    return result
  }

  static func isSecret(_ property: String) -> Bool {
    ["password", "passphrase", "secret", "pem", "oauthbearer.config", "username"]
      .contains { contains(property, $0) }
  }

  private static func strikeQuotations(in sentence: String, except name: String) -> String {
    let parts = sentence.split(separator: "\"", omittingEmptySubsequences: false)
    let struck = parts.enumerated().map { index, part in
      index.isMultiple(of: 2) || part == name[...] ? part : Substring(mark)
    }
    return struck.joined(separator: "\"")
  }

  /// Strikes `value` wherever it stands, save within the property's own name.
  private static func strike(_ value: String, in sentence: String, except name: String) -> String {
    guard !value.isEmpty, !contains(name, value) else { return sentence }
    return pieces(of: sentence, around: value).joined(separator: mark)
  }

  private static func core(of word: Substring) -> Substring {
    let punctuation: Set<Character> = [",", ".", ":", ";", "(", ")", "'", "\n"]
    var core = word
    while let last = core.last, punctuation.contains(last) { core.removeLast() }
    while let first = core.first, punctuation.contains(first) { core.removeFirst() }
    return core
  }

  private static func contains(_ text: String, _ piece: String) -> Bool {
    pieces(of: text, around: piece).count > 1
  }

  /// `text` cut wherever `separator` stands in it, byte by byte.
  private static func pieces(of text: String, around separator: String) -> [String] {
    let text = Array(text.utf8)
    let separator = Array(separator.utf8)
    var pieces: [String] = []
    var start = 0
    var index = 0
    while !separator.isEmpty, index + separator.count <= text.count {
      if text[index..<index + separator.count].elementsEqual(separator) {
        pieces.append(String(decoding: text[start..<index], as: UTF8.self))
        index += separator.count
        start = index
      } else {
        index += 1
      }
    }
    return pieces + [String(decoding: text[start...], as: UTF8.self)]
  }
}
