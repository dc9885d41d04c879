/// Why a well-formed event was not applied. It becomes a dead letter.
public struct Refusal: Error, Hashable, Sendable {
  public enum Code: String, Sendable, CaseIterable {
    case unknownPolicy = "unknown-policy"
    case policyDeleted = "policy-deleted"
    case policyNotDeleted = "policy-not-deleted"
    case versionConflict = "version-conflict"
    case versionNotFound = "version-not-found"
    case unknownAdaptation = "unknown-adaptation"
    case futureDated = "future-dated"
    case expired = "expired"
    case limitExceeded = "limit-exceeded"
    case invalidData = "invalid-data"
  }

  public let code: Code
  /// One sentence: what is wrong, where, and what was expected.
  public let message: String

  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }
}
