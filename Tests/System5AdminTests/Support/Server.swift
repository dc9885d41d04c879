import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import ServiceLifecycle
import System5Core
import System5Wire
import System5Worker
import Testing

@testable import System5Admin

/// An answer, with its body as JSON.
struct Got: Sendable {
  let status: Int
  let headers: HTTPFields
  let bytes: [UInt8]

  init(_ response: TestResponse) {
    status = response.status.code
    headers = response.headers
    bytes = Array(response.body.readableBytesView)
  }

  var text: String { String(decoding: bytes, as: UTF8.self) }

  /// An empty object for what is none.
  var object: JSONObject {
    guard case .object(let object)? = try? JSONParser().value(of: bytes) else {
      return JSONObject()
    }
    return object
  }

  subscript(name: Text) -> JSONValue? { object[name] }

  func list(_ name: Text) -> [JSONValue] {
    if case .array(let elements)? = object[name] { elements } else { [] }
  }

  var problem: String {
    guard headers[.contentType] == "application/problem+json", let type = text(of: "type") else {
      return "no problem: \(status) \(text.prefix(200))"
    }
    return type.replacing("urn:system5:problem:", with: "")
  }

  func text(of name: Text) -> String? {
    if case .string(let text)? = object[name] { text.string } else { nil }
  }
}

/// A client of a server without a socket.
struct Client: Sendable {
  let inner: any TestClientProtocol

  func get(
    _ uri: String, _ method: HTTPRequest.Method = .get, _ headers: HTTPFields = [:],
    body: String? = nil
  ) async throws -> Got {
    try await inner.execute(
      uri: uri, method: method, headers: headers, body: body.map { ByteBuffer(string: $0) }
    ) { Got($0) }
  }

  /// Every element of a list, page by page.
  func all(_ uri: String, _ list: Text, limit: Int) async throws -> [JSONValue] {
    var found: [JSONValue] = []
    var cursor: String?
    repeat {
      let mark = uri.contains("?") ? "&" : "?"
      let page = try await get(
        "\(uri)\(mark)limit=\(limit)" + (cursor.map { "&cursor=\($0)" } ?? ""))
      try #require(page.status == 200, "\(uri): \(page.text)")
      #expect(page.list(list).count <= limit)
      found += page.list(list)
      cursor = page.text(of: "next_cursor")
    } while cursor != nil
    return found
  }
}

func logger() -> Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }

/// Serves a board for the length of a test, without a socket.
func serving<Value: Sendable>(
  _ board: WorkerBoard, _ configuration: AdminConfiguration = AdminConfiguration(),
  directory: (any MemberDirectory)? = nil, pages: @escaping PageLookup = { _ in nil },
  metrics: MetricsPage? = nil, _ body: @Sendable (Client) async throws -> Value
) async throws -> Value {
  let server = AdminServer(
    configuration, board: board, directory: directory, pages: pages, metrics: metrics,
    logger: logger())
  do {
    let value = try await server.application().test(.router) {
      try await body(Client(inner: $0))
    }
    await server.end(because: CancellationError())
    return value
  } catch {
    await server.end(because: error)
    throw error
  }
}

/// Runs a server on a free port for the length of a test.
func listening<Value: Sendable>(
  _ board: WorkerBoard, _ configuration: AdminConfiguration,
  directory: (any MemberDirectory)? = nil,
  _ body: @Sendable (_ port: Int) async throws -> Value
) async throws -> Value {
  var configuration = configuration
  configuration.port = 0
  let server = AdminServer(
    configuration, board: board, directory: directory, logger: logger())
  let group = ServiceGroup(services: [server], logger: logger())
  return try await withThrowingTaskGroup(of: Void.self) { tasks in
    tasks.addTask { try await group.run() }
    let address = try await server.advertisedAddress()
    let port = try #require(address.split(separator: ":").last.flatMap { Int($0) })
    do {
      let value = try await body(port)
      await group.triggerGracefulShutdown()
      try await tasks.waitForAll()
      return value
    } catch {
      await group.triggerGracefulShutdown()
      throw error
    }
  }
}
