import Foundation
import Testing

/// `deploy/local/broker.sh`, as a person would use it.
enum LocalBroker {
  @discardableResult
  static func run(_ arguments: [String]) throws -> String {
    let root = URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let done = try Program.run(
      arguments, executable: root.appending(path: "deploy/local/broker.sh").path)
    try #require(done.status == 0, "\(done.errors)")
    return String(decoding: done.output, as: UTF8.self)
  }
}
