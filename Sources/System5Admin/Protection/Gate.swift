import HTTPTypes
import System5Core

/// What a request has to get past before anybody looks at what it asks.
struct Gate: Sendable {
  let hosts: HostGate
  let token: BearerToken?
  /// The paths that need no token.
  let open: Set<String>
  let limits: AdminLimits

  /// - Parameter path: without the query, as received.
  func check(_ request: HTTPRequest, path: String, isPage: Bool) throws(Problem) {
    try checkSizes(of: request)
    try hosts.check(request)
    if isPage || open.contains(path) { return }
    try token?.check(request.headerFields)
  }

  private func checkSizes(of request: HTTPRequest) throws(Problem) {
    guard (request.path ?? "").utf8.count <= limits.targetBytes else {
      throw Problem(.targetTooLong, "At most \(limits.targetBytes) bytes are allowed.")
        .with(.connection, "close")
    }
    let bytes = request.headerFields.reduce(0) { sum, field in
      sum + field.name.rawName.utf8.count + field.value.utf8.count + 4
    }
    guard bytes <= limits.headerBytes else {
      throw Problem(.headersTooLarge, "At most \(limits.headerBytes) bytes are allowed.")
        .with(.connection, "close")
    }
    guard (request.headerFields[.contentLength].flatMap { Int($0) } ?? 0) <= limits.bodyBytes else {
      throw Problem.bodyTooLarge(limits)
    }
  }
}

extension Problem {
  static func bodyTooLarge(_ limits: AdminLimits) -> Problem {
    Problem(.bodyTooLarge, "At most \(limits.bodyBytes) bytes are allowed.")
      .with(.connection, "close")
  }
}
