import System5Core
import System5Wire

/// Something at the brokers, and what a program must be allowed to do with it.
public struct AccessRight: Sendable, Equatable {
  /// In the brokers' words.
  public enum Resource: String, Sendable, CaseIterable {
    case topic = "Topic"
    case group = "Group"
    case transactionalID = "TransactionalId"
  }

  /// In the brokers' words. Reading and writing include describing.
  public enum Operation: String, Sendable {
    case read = "Read"
    case write = "Write"
    case describe = "Describe"
  }

  public let resource: Resource
  public let name: String
  /// Whether ``name`` is what names begin with, and not a name.
  public let isPrefix: Bool
  public let operations: [Operation]
  /// What for, in a few words.
  public let purpose: String

  public init(
    _ resource: Resource, _ name: String, isPrefix: Bool = false, _ operations: [Operation],
    for purpose: String
  ) {
    self.resource = resource
    self.name = name
    self.isPrefix = isPrefix
    self.operations = operations
    self.purpose = purpose
  }
}

extension WorkerConfiguration {
  /// The least that the brokers must permit a worker.
  public var accessRights: [AccessRight] {
    let names = TopicNames(prefix: prefix)
    var rights = names.inputs.map { AccessRight(.topic, $0, [.read], for: "events") }
    rights += OutputTopic.allCases.map {
      AccessRight(.topic, names.name(of: $0), [.write], for: "results")
    }
    rights.append(AccessRight(.topic, names.deadLetters, [.write], for: "what is refused"))
    rights += InputTopic.allCases.map {
      AccessRight(.topic, names.checkpoints(of: $0), [.read, .write], for: "checkpoints")
    }
    rights.append(AccessRight(.group, group, [.read], for: "partitions and offsets"))
    rights.append(
      AccessRight(
        .group, ClientProperties.checkpointGroup(of: group), [.describe],
        for: "a name for the reader of checkpoints, which joins no group"))
    if delivery == .exactlyOnce {
      rights.append(
        AccessRight(
          .transactionalID, ClientProperties.transactionalPrefix(of: group), isPrefix: true,
          [.write], for: "one transactional id for each pipeline"))
    }
    return rights
  }
}
