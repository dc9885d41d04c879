import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1

/// Pages as a browser would fetch them.
enum Web {
  struct Page {
    let status: Int
    let body: Data
  }

  static func get(_ url: String) async throws -> Page {
    let response = try await HTTPClient.shared.execute(
      HTTPClientRequest(url: url), timeout: .seconds(10))
    let body = try await response.body.collect(upTo: 64 << 20)
    return Page(status: Int(response.status.code), body: Data(body.readableBytesView))
  }
}
