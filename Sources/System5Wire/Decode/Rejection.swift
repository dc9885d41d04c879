import System5Core

/// Why a record became a dead letter. Contract, section 5.
public enum RejectionCode: String, Sendable, CaseIterable {
  case missingKey = "missing-key"
  case badKey = "bad-key"
  case emptyValue = "empty-value"
  case tooLarge = "too-large"
  case notJSON = "not-json"
  case tooDeep = "too-deep"
  case notCloudEvent = "not-cloudevent"
  case unsupportedType = "unsupported-type"
  case invalidData = "invalid-data"
  case futureDated = "future-dated"
  case expired = "expired"
  case limitExceeded = "limit-exceeded"
  case unknownPolicy = "unknown-policy"
  case policyDeleted = "policy-deleted"
  case policyNotDeleted = "policy-not-deleted"
  case versionConflict = "version-conflict"
  case versionNotFound = "version-not-found"
  case unknownAdaptation = "unknown-adaptation"

  public init(_ code: Refusal.Code) {
    switch code {
    case .unknownPolicy: self = .unknownPolicy
    case .policyDeleted: self = .policyDeleted
    case .policyNotDeleted: self = .policyNotDeleted
    case .versionConflict: self = .versionConflict
    case .versionNotFound: self = .versionNotFound
    case .unknownAdaptation: self = .unknownAdaptation
    case .futureDated: self = .futureDated
    case .expired: self = .expired
    case .limitExceeded: self = .limitExceeded
    case .invalidData: self = .invalidData
    }
  }
}

/// A record that is not applied, and why.
public struct Rejection: Error, Hashable, Sendable {
  public let code: RejectionCode
  /// One sentence: what is wrong, where, and what was expected.
  public let message: String

  public init(_ code: RejectionCode, _ message: String) {
    self.code = code
    self.message = message
  }

  public init(_ refusal: Refusal) { self.init(RejectionCode(refusal.code), refusal.message) }
}
