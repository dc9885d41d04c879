import Foundation

/// What the Queen says for people, on standard error.
enum Narration {
  static func say(_ sentence: String) {
    FileHandle.standardError.write(Data("queen: \(sentence)\n".utf8))
  }
}
