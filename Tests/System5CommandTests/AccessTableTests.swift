import Foundation
import System5Worker
import Testing

@testable import system5

@Suite struct AccessTableTests {
  private func rights(_ group: String = "system5", prefix: String = "system5.") -> [AccessRight] {
    var configuration = WorkerConfiguration(brokers: "")
    configuration.group = group
    configuration.prefix = prefix
    return configuration.accessRights
  }

  /// Each topic of the definitions, and nothing more than its direction takes.
  @Test func theWorkerMayWhatItsTopicsAreThereFor() throws {
    let definitions = try TopicDefinitions.read(Repository.file("topics/topics.json"))
    let topics = rights().filter { $0.resource == .topic }
    #expect(Set(topics.map(\.name)).count == topics.count)
    for topic in definitions.topics where topic.name != "forward.dead-letters" {
      let right = try #require(topics.first { $0.name == "system5.\(topic.name)" })
      let wanted: [AccessRight.Operation] =
        topic.name.hasSuffix(".events")
        ? [.read] : topic.name.hasSuffix(".checkpoints") ? [.read, .write] : [.write]
      #expect(right.operations == wanted, "\(topic.name)")
    }
  }

  @Test func namesFollowTheSettings() {
    let rights = rights("g", prefix: "p.")
    #expect(rights.allSatisfy { $0.name.hasPrefix("p.") || $0.name.hasPrefix("g") })
    let transactional = rights.first { $0.resource == .transactionalID }
    #expect(transactional?.name == "g." && transactional?.isPrefix == true)
    var atLeastOnce = WorkerConfiguration(brokers: "")
    atLeastOnce.delivery = .atLeastOnce
    #expect(!atLeastOnce.accessRights.contains { $0.resource == .transactionalID })
  }

  @Test func commandsAreForAShell() {
    let right = AccessRight(.transactionalID, "o'brien.", isPrefix: true, [.write], for: "a test")
    #expect(
      AccessTable.commands([right], brokers: "b:1", principal: "User:CN=w 1") == [
        "kafka-acls.sh --bootstrap-server 'b:1' --add --allow-principal 'User:CN=w 1' "
          + "--operation Write --transactional-id 'o'\\''brien.' --resource-pattern-type prefixed"
      ])
  }

  @Test func theGuideHasTheTable() throws {
    let guide = try String(
      contentsOfFile: Repository.file("deploy/OPERATIONS.md"), encoding: .utf8)
    #expect(guide.contains(AccessTable.lines(rights()).joined(separator: "\n")))
  }
}

/// Files of the checkout that the tests were built from.
enum Repository {
  static func file(_ path: String) -> String {
    URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: path).path
  }
}
