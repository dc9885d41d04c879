import System5Core

/// Prints an answer: a table of one of its lists, or the answer itself.
struct Listing {
  let options: APIOptions

  func print(
    _ answer: APIClient.Answer, _ list: Text, _ table: TextTable,
    _ row: (JSONObject, inout TextTable) -> Void
  ) throws {
    if options.json { return try printJSON(answer) }
    var table = table
    for element in answer.object[list]?.elements ?? [] {
      if let object = element.object { row(object, &table) }
    }
    try print(table)
    if let next = answer.text("next_cursor") {
      Terminal.say("There is more: --cursor \(next)")
    }
  }

  func printJSON(_ answer: APIClient.Answer) throws {
    var output = OutputBuffer()
    try output.append(line: answer.bytes)
    try output.flush()
  }

  func print(_ table: TextTable) throws {
    var output = OutputBuffer()
    for line in table.lines { try output.append(line: line) }
    try output.flush()
  }

  /// One object, a line a member.
  func print(_ answer: APIClient.Answer) throws {
    if options.json { return try printJSON(answer) }
    var table = TextTable("MEMBER", "VALUE")
    for member in answer.object.members {
      table.add(member.name.string, member.value.text ?? member.value.canonicalText)
    }
    try print(table)
  }
}

extension JSONObject {
  /// A share as `92 %`.
  func percent(_ name: Text) -> String {
    self[name]?.number.map { "\(ShortestNumber.text(of: ($0 * 1000).rounded() / 10)) %" } ?? "-"
  }

  var actions: String {
    let names = (self["recommended_actions"]?.elements ?? []).compactMap { action in
      action.text ?? action.object?["action"]?.text
    }
    return names.isEmpty ? "-" : names.joined(separator: ", ")
  }
}
