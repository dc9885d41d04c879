import AsyncHTTPClient
import Crypto
import Foundation
import Logging
import NIOCore
import NIOHTTP1
import System5Core

/// Signs what is sent to a webhook, so that its receiver knows who has sent it and when.
struct WebhookSignature: Sendable {
  static let header = "X-System5-Signature"
  private let key: SymmetricKey

  /// nil for an empty key.
  init?(key: [UInt8]) {
    if key.isEmpty { return nil }
    self.key = SymmetricKey(data: key)
  }

  /// `t=SECONDS,v1=HEX`: HMAC-SHA-256 of `SECONDS.BODY`.
  func value(of body: [UInt8], at now: Timestamp) -> String {
    let seconds = String(now.milliseconds / 1_000)
    let code = HMAC<SHA256>.authenticationCode(for: Array("\(seconds).".utf8) + body, using: key)
    let hex = code.map { byte in
      let digits = String(byte, radix: 16)
      return digits.count == 1 ? "0\(digits)" : digits
    }
    return "t=\(seconds),v1=\(hex.joined())"
  }
}

/// Where alerts go, over HTTP.
struct Receivers: Sendable {
  let urls: [String]
  let timeout: Duration
  let signature: WebhookSignature?
  /// For `Authorization`, if any.
  let token: String?
  let client: HTTPClient
  let logger: Logger

  /// Sends to all; it is delivered once any has taken it.
  func send(_ post: ForwardPost) async -> PostOutcome {
    let outcomes = await withTaskGroup(of: PostOutcome.self) { group in
      for url in urls { group.addTask { await send(post, to: url) } }
      return await group.reduce(into: []) { $0.append($1) }
    }
    return Self.combined(outcomes)
  }

  /// Whoever may take it later counts for more than whoever refuses it.
  static func combined(_ outcomes: [PostOutcome]) -> PostOutcome {
    if outcomes.contains(.delivered) { return .delivered }
    return outcomes.first { if case .failed = $0 { true } else { false } }
      ?? outcomes.first ?? .failed("there is no receiver")
  }

  private func send(_ post: ForwardPost, to url: String) async -> PostOutcome {
    var request = HTTPClientRequest(url: url)
    request.method = .POST
    request.headers.add(name: "content-type", value: post.contentType)
    request.headers.add(name: "user-agent", value: "system5")
    if let token { request.headers.add(name: "authorization", value: "Bearer \(token)") }
    if let signature {
      request.headers.add(
        name: WebhookSignature.header, value: signature.value(of: post.body, at: .present))
    }
    request.body = .bytes(post.body)
    let outcome: PostOutcome
    do {
      let response = try await client.execute(request, timeout: TimeAmount(timeout))
      outcome = Self.judge(
        response.status, retryAfter: response.headers.first(name: "retry-after"), at: .present)
    } catch {
      outcome = .failed("no answer: \(error)")
    }
    tell(outcome, url, post)
    return outcome
  }

  private func tell(_ outcome: PostOutcome, _ url: String, _ post: ForwardPost) {
    var logger = logger
    // An address may hold a secret behind its host.
    logger[metadataKey: "receiver"] = "\(URL(string: url)?.host() ?? "?")"
    logger[metadataKey: "alert"] = "\(post.subject)"
    switch outcome {
    case .delivered: logger.debug("Delivered")
    case .refused(let reason):
      logger.error("The receiver refuses it", metadata: ["error": "\(reason)"])
    case .failed(let reason, _):
      logger.warning("Not delivered", metadata: ["error": "\(reason)"])
    }
  }

  /// What an answer means: 2xx is an acknowledgement; 408, 425, 429 and 5xx pass; all else stays.
  static func judge(
    _ status: HTTPResponseStatus, retryAfter: String?, at now: Timestamp
  ) -> PostOutcome {
    let reason = "the receiver answered \(status.code) \(status.reasonPhrase)"
    switch status.code {
    case 200..<300: return .delivered
    case 408, 425, 429, 500..<600:
      return .failed(reason, retryAfter: retryAfter.flatMap { span(asked: $0, at: now) })
    default: return .refused(reason)
    }
  }

  /// `Retry-After`: seconds, or a date of HTTP.
  static func span(asked text: String, at now: Timestamp) -> Timestamp.Span? {
    if let seconds = Int64(text) { return seconds < 0 ? nil : .seconds(seconds) }
    let format = DateFormatter()
    format.locale = Locale(identifier: "en_US_POSIX")
    format.timeZone = TimeZone(secondsFromGMT: 0)
    format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss zzz"
    guard let date = format.date(from: text) else { return nil }
    let time = Timestamp(milliseconds: Int64(date.timeIntervalSince1970 * 1_000))
    return max(.zero, time.since(now))
  }
}

extension Timestamp {
  /// The machine's clock: when something is sent, never what follows from events.
  static var present: Timestamp {
    Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000))
  }
}
