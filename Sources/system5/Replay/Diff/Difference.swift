import System5Core
import System5Wire

/// A subject of which two derivations say different things.
struct Difference: Equatable {
  enum Change: String, CaseIterable { case new, gone, changed }

  let subject: DiffSubject
  let change: Change
  /// The record at which the two part.
  let cause: Position
  /// The first thing said that is not said by the other; nil where there is none.
  let before: DiffFacet?
  let after: DiffFacet?
  /// How many more things are said than these.
  let more: Int

  /// The members of `data` that differ, by name.
  var members: [String] {
    guard let before, let after else { return [] }
    var names = Set(before.data.members.map(\.name))
    names.formUnion(after.data.members.map(\.name))
    return names.filter { before.data[$0] != after.data[$0] }.sorted().map(\.string)
  }
}

extension Difference {
  var line: String {
    "\(change.rawValue.padded(7))  \(subject.kind.rawValue.padded(14))  \(subject.system)  "
      + "\(subject.name)  at \(cause.text)\(detail)"
  }

  private static let shownMembers = 6

  private var detail: String {
    let rest = more > 0 ? "; \(more) more" : ""
    guard let before, let after else {
      return (before ?? after).map { ": \($0.summary)\(rest)" } ?? ""
    }
    if before.type != after.type { return ": \(before.summary), now \(after.summary)\(rest)" }
    var parts = members.filter { $0 != "summary" }.map { name in
      let member = Text(name)
      return "\(name) \(before.data.shown(member)) → \(after.data.shown(member))"
    }
    if before.time != after.time { parts.append("time \(before.time) → \(after.time)") }
    let shown = parts.prefix(Self.shownMembers).joined(separator: ", ")
    return ": \(shown)\(parts.count > Self.shownMembers ? ", …" : "")\(rest)"
  }

  var json: JSONValue {
    [
      "change": .string(Text(change.rawValue)), "kind": .string(Text(subject.kind.rawValue)),
      "system": .string(Text(subject.system)), "subject": .string(Text(subject.name)),
      "cause": .string(Text(cause.text)), "before": before?.json ?? .null,
      "after": after?.json ?? .null, "more": .number(JSONNumber(Int64(more))),
    ]
  }
}

extension DiffFacet {
  var json: JSONValue {
    ["type": .string(Text(type)), "time": .string(Text(time)), "data": .object(data)]
  }

  /// What it says in a few words.
  var summary: String {
    switch type {
    case "system5.alert.firing", "system5.alert.resolved": data["summary"]?.text ?? type
    case "system5.pattern.derived":
      "in \(data.shown("domain")), revision \(data.shown("revision")), "
        + "\(data.shown("occurrences")) occurrences"
    case "system5.pattern.transferred":
      "from \(data.shown("source_domain")) to \(data.shown("target_domain"))"
    case "system5.pattern.retired": data["reason"]?.text ?? type
    case "system5.gap.analysed":
      "\(time) environment \(data.shown("environmental_variety")), "
        + "system \(data.shown("system_variety"))"
    case "system5.trends.analysed":
      "\(time) overall \(data.shown("overall_trend")), critical \(data.shown("critical_sources"))"
    default: "\(data.shown("code")): \(data.shown("message"))"
    }
  }
}
