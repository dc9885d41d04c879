import HTTPTypes
import NIOCore

/// The dashboard's files, which a browser may keep and has to ask about again.
enum PageAnswer {
  /// Nothing but what this server serves, and nothing written into the page itself.
  private static let policy =
    "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; "
    + "frame-ancestors 'none'"

  static func answer(_ page: PageFile, _ request: HTTPRequest) -> Answer {
    let tag = "\"\(page.hash)\""
    var headers: HTTPFields = [
      .eTag: tag, .cacheControl: "no-cache", .contentSecurityPolicy: policy,
    ]
    if request.headerFields[values: .ifNoneMatch].contains(where: { $0.contains(tag) }) {
      return Answer(status: .notModified, headers: headers)
    }
    headers[.contentType] = page.contentType
    return Answer(headers: headers, body: .bytes(ByteBuffer(bytes: page.bytes)))
  }
}

/// What every answer tells browsers.
enum SecurityFields {
  static func add(to answer: inout Answer) {
    answer.headers[.xContentTypeOptions] = "nosniff"
    answer.headers[.frameOptions] = "DENY"
    answer.headers[.referrerPolicy] = "no-referrer"
    answer.headers[.resourcePolicy] = "same-origin"
    if answer.headers[.contentSecurityPolicy] == nil {
      answer.headers[.contentSecurityPolicy] = "default-src 'none'; frame-ancestors 'none'"
    }
  }
}
