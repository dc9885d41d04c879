import HTTPTypes
import System5Core
import System5Wire

/// Why a request is not answered as it asks: a problem of RFC 9457.
package struct Problem: Error, Sendable {
  let kind: Kind
  /// One sentence about this case.
  let detail: String
  /// Fields that belong to it, such as `Retry-After`.
  var headers = HTTPFields()
  /// Members beyond those of the RFC.
  var members: [OrderedJSON.Member] = []

  init(_ kind: Kind, _ detail: String) {
    self.kind = kind
    self.detail = detail
  }

  /// What a client may do about it does not depend on the sentence, but on this.
  package enum Kind: String, Sendable, CaseIterable {
    case badRequest = "bad-request"
    case badParameter = "bad-parameter"
    case badBody = "bad-body"
    case badHost = "bad-host"
    case unauthorised
    case notFound = "not-found"
    case methodNotAllowed = "method-not-allowed"
    case bodyTooLarge = "body-too-large"
    case targetTooLong = "target-too-long"
    case headersTooLarge = "headers-too-large"
    case misdirected
    case unknownPolicy = "unknown-policy"
    case policyDeleted = "policy-deleted"
    case versionNotFound = "version-not-found"
    case unknownAdaptation = "unknown-adaptation"
    case unknownSource = "unknown-source"
    case unknownSystem = "unknown-system"
    case notMeasured = "not-measured"
    case takeover
    case noOwner = "no-owner"
    case busy
    case notLive = "not-live"
    case notReady = "not-ready"
    case badGateway = "bad-gateway"
    case fault
  }

  /// The same problem, to be tried again after so many seconds.
  func retrying(after seconds: Int) -> Problem {
    var problem = self
    problem.headers[.retryAfter] = String(seconds)
    return problem
  }

  func with(_ name: HTTPField.Name, _ value: String) -> Problem {
    var problem = self
    problem.headers[name] = value
    return problem
  }

  func adding(_ members: [OrderedJSON.Member]) -> Problem {
    var problem = self
    problem.members += members
    return problem
  }
}

extension Problem.Kind {
  var status: HTTPResponse.Status {
    switch self {
    case .badRequest, .badParameter, .badBody, .badHost: .badRequest
    case .unauthorised: .unauthorized
    case .notFound, .unknownPolicy, .versionNotFound, .unknownAdaptation, .unknownSource,
      .unknownSystem, .notMeasured:
      .notFound
    case .policyDeleted: .gone
    case .methodNotAllowed: .methodNotAllowed
    case .bodyTooLarge: .contentTooLarge
    case .targetTooLong: .uriTooLong
    case .headersTooLarge: .requestHeaderFieldsTooLarge
    case .misdirected: .misdirectedRequest
    case .takeover, .noOwner, .busy, .notLive, .notReady: .serviceUnavailable
    case .badGateway: .badGateway
    case .fault: .internalServerError
    }
  }

  var title: String {
    switch self {
    case .badRequest: "The request is not well-formed"
    case .badParameter: "A parameter is not valid"
    case .badBody: "The body is not valid"
    case .badHost: "The Host field is missing or not valid"
    case .unauthorised: "A token is needed"
    case .notFound: "There is nothing here"
    case .methodNotAllowed: "This cannot be done here"
    case .bodyTooLarge: "The body is too large"
    case .targetTooLong: "The address is too long"
    case .headersTooLarge: "The header fields are too large"
    case .misdirected: "This server does not go by that name"
    case .unknownPolicy: "There is no such policy"
    case .policyDeleted: "The policy is deleted"
    case .versionNotFound: "There is no such version"
    case .unknownAdaptation: "There is no such adaptation"
    case .unknownSource: "There is no such source"
    case .unknownSystem: "Nothing is known of the system"
    case .notMeasured: "Not both sides have been measured"
    case .takeover: "The partition is being taken over"
    case .noOwner: "No worker answers for the partition at present"
    case .busy: "Too much is asked at once"
    case .notLive: "The worker makes no progress"
    case .notReady: "The worker is not ready"
    case .badGateway: "The other worker did not answer"
    case .fault: "Our fault"
    }
  }
}
