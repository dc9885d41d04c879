internal import CRdkafka
import Synchronization

/// Why a handshake of TLS failed: librdkafka only says that it did, and takes what a broker says of
/// our certificate for a lost connection.
final class TLSFaults: Sendable {
  /// What OpenSSL found wrong with the certificate that was looked at last.
  private let certificate = Mutex<Int32?>(nil)

  /// Called on librdkafka's own threads.
  func found(_ x509Error: Int32) { certificate.withLock { $0 = x509Error } }

  /// The error with its reason, if it is one of TLS; any other as it is.
  func explain(_ error: KafkaError) -> KafkaError {
    if error.isTLS {
      // Errors come later than certificates, and in their own time.
      guard error.reason.contains("certificate verify failed"),
        let code = certificate.withLock({ $0 })
      else { return error }
      return refusal(at: error, "the broker's certificate \(TLSFaults.fault(code))")
    }
    guard error.isTransport, let alert = TLSFaults.alert(in: error.reason) else { return error }
    return refusal(at: error, alert)
  }

  private func refusal(at error: KafkaError, _ sentence: String) -> KafkaError {
    KafkaError(
      RD_KAFKA_RESP_ERR__SSL, reason: "\(TLSFaults.address(in: error.reason)): \(sentence)")
  }

  /// librdkafka's sentences begin with `ssl://host:port/name: `.
  private static func address(in reason: String) -> Substring {
    let end = reason.indices.first { reason[$0...].hasPrefix(": ") } ?? reason.endIndex
    let place = reason[..<end]
    let start = place.indices.first { place[$0...].hasPrefix("://") }
    let host = start.map { place[place.index($0, offsetBy: 3)...] } ?? place
    return host.prefix { $0 != "/" }
  }

  /// After OpenSSL's `x509_vfy.h`.
  private static func fault(_ x509Error: Int32) -> String {
    switch x509Error {
    case 9: "is not valid yet"
    case 10: "has expired"
    case 18, 19: "is self-signed, and not one that we trust"
    case 2, 20, 21: "is signed by nobody that we trust (ssl.ca.location)"
    case 23: "has been revoked"
    case 62, 64: "is for another host"
    default: "cannot be trusted (X.509 error \(x509Error))"
    }
  }

  /// What the broker said before it hung up; nil if it said nothing of certificates.
  private static func alert(in reason: String) -> String? {
    switch number(after: "SSL alert number ", in: reason) {
    case 40?, 116?: "the broker wants a client certificate (ssl.certificate.location)"
    case 45?: "the broker says that our certificate has expired"
    case 48?: "the broker does not trust who signed our certificate"
    case 42?, 43?, 44?, 46?, 49?, 51?: "the broker does not accept our certificate"
    default: nil
    }
  }

  private static func number(after mark: String, in reason: String) -> Int? {
    guard let start = reason.indices.first(where: { reason[$0...].hasPrefix(mark) })
    else { return nil }
    return Int(reason[start...].dropFirst(mark.count).prefix { $0.isNumber })
  }
}
