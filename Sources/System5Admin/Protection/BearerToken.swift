import HTTPTypes

/// The secret that a request must bring (RFC 6750).
public struct BearerToken: Sendable {
  private let secret: [UInt8]

  /// nil for an empty one, which would let everybody in.
  public init?(_ secret: [UInt8]) {
    if secret.isEmpty { return nil }
    self.secret = secret
  }

  func check(_ fields: HTTPFields) throws(Problem) {
    guard let field = fields[.authorization] else {
      throw Problem(.unauthorised, "Send the field Authorization: Bearer and the token.")
        .with(.wwwAuthenticate, "Bearer realm=\"system5\"")
    }
    let parts = field.split(separator: " ", maxSplits: 1)
    guard parts.count == 2, parts[0].lowercased() == "bearer",
      isEqual(to: Array(parts[1].trimming(" ").utf8))
    else {
      throw Problem(.unauthorised, "The token is not the right one.")
        .with(.wwwAuthenticate, "Bearer realm=\"system5\", error=\"invalid_token\"")
    }
  }

  /// Takes as long for a wrong one as for the right one, whichever byte is wrong.
  private func isEqual(to other: [UInt8]) -> Bool {
    var difference = secret.count ^ other.count
    for (index, byte) in other.enumerated() {
      difference |= Int(byte ^ secret[index % secret.count])
    }
    return difference == 0
  }
}

extension Substring {
  fileprivate func trimming(_ character: Character) -> Substring {
    var rest = drop { $0 == character }
    while rest.last == character { rest.removeLast() }
    return rest
  }
}
