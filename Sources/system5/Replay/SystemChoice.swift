import System5Wire

/// Whose results count: those of some systems, or of all.
struct SystemChoice: Equatable {
  private let keys: Set<[UInt8]>?

  /// - Parameter systems: none stands for all.
  init(_ systems: [String] = []) {
    keys = systems.isEmpty ? nil : Set(systems.map { Array($0.utf8) })
  }

  func contains(_ result: ResultRecord) -> Bool {
    contains(key: result.key, isDeadLetter: result.topic == .deadLetters)
  }

  /// A result's key begins with its system, a dead letter's is as it was received.
  func contains(key: [UInt8]?, isDeadLetter: Bool) -> Bool {
    guard let keys else { return true }
    guard let key else { return false }
    if isDeadLetter { return keys.contains(key) }
    return keys.contains(Array(key.prefix { $0 != UInt8(ascii: "/") }))
  }
}
