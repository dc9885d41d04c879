import Foundation
import Testing

/// `deploy/local/broker.sh`, as a person would use it.
enum LocalBroker {
  @discardableResult
  static func run(_ arguments: [String]) throws -> String {
    let done = try Program.run(
      arguments, executable: Repository.path("deploy/local/broker.sh"))
    try #require(done.status == 0, "\(done.errors)")
    return String(decoding: done.output, as: UTF8.self)
  }
}

/// Files of the checkout that the tests were built from.
enum Repository {
  static func path(_ path: String) -> String {
    URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: path).path
  }
}
