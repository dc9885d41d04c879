import System5Core
import System5Worker

/// Access rights as people and programs read them.
enum AccessTable {
  /// In Markdown, as the operations guide has it.
  static func lines(_ rights: [AccessRight]) -> [String] {
    ["| resource | name | operations | for |", "| --- | --- | --- | --- |"]
      + rights.map { right in
        "| \(right.resource.rawValue) | `\(right.name)`\(right.isPrefix ? " and longer" : "") | "
          + "\(right.operationNames.joined(separator: ", ")) | \(right.purpose) |"
      }
  }

  /// For Kafka's own tool, a line each.
  static func commands(
    _ rights: [AccessRight], brokers: String, principal: String
  ) -> [String] {
    rights.map { right in
      let operations = right.operationNames.map { "--operation \($0)" }.joined(separator: " ")
      let pattern = right.isPrefix ? " --resource-pattern-type prefixed" : ""
      return "kafka-acls.sh --bootstrap-server \(quoted(brokers)) --add --allow-principal "
        + "\(quoted(principal)) \(operations) \(right.option) \(quoted(right.name))\(pattern)"
    }
  }

  /// So that a shell reads it as one word.
  private static func quoted(_ text: String) -> String {
    "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#)
      + "'"
  }
}

extension AccessRight {
  fileprivate var operationNames: [String] { operations.map(\.rawValue) }

  fileprivate var option: String {
    switch resource {
    case .topic: "--topic"
    case .group: "--group"
    case .transactionalID: "--transactional-id"
    }
  }

  var json: JSONValue {
    [
      "resource": .string(Text(resource.rawValue)), "name": .string(Text(name)),
      "pattern": .string(isPrefix ? "prefixed" : "literal"),
      "operations": .array(operationNames.map { .string(Text($0)) }),
      "for": .string(Text(purpose)),
    ]
  }
}
