import ArgumentParser
import System5Core
import System5Wire

/// Which dead letters a command is about.
struct LetterOptions: ParsableArguments {
  @Option(name: .customLong("code"), help: "Why it was refused, such as not-json; repeatable.")
  var codes: [String] = []

  @Option(help: "The original topic, such as variety.events, with or without the prefix.")
  var topic: String?

  @Option(help: "The original partition.")
  var partition: Int32?

  @Option(help: "The key: the viable system, unless that was what was wrong.")
  var key: String?

  @Option(help: "Original timestamps at or after this time (RFC 3339).")
  var after: String?

  @Option(help: "Original timestamps before this time (RFC 3339).")
  var before: String?

  @Option(help: "Original offsets at or after this one.")
  var fromOffset: Int64?

  @Option(help: "Original offsets before this one.")
  var untilOffset: Int64?

  @Option(help: "At most so many, the first ones in the order of the dead letters' topic.")
  var limit: Int?

  func validate() throws {
    for code in codes where RejectionCode(rawValue: code) == nil {
      let known = RejectionCode.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("--code is one of \(known), not \(code)")
    }
    for (name, time) in [("--after", after), ("--before", before)] {
      guard let time, EmitTime.parse(time) == nil else { continue }
      throw ValidationError("\(name) is a time (RFC 3339), such as 2026-11-23T08:00:00Z")
    }
    if let limit, limit < 1 { throw ValidationError("--limit is 1 or more") }
  }

  func filter(prefix: String) -> LetterFilter {
    LetterFilter(
      codes: Set(codes), topic: topic.map { $0.hasPrefix(prefix) ? $0 : prefix + $0 },
      partition: partition, key: key.map { Array($0.utf8) },
      after: after.flatMap { EmitTime.parse($0) }, before: before.flatMap { EmitTime.parse($0) },
      fromOffset: fromOffset, untilOffset: untilOffset)
  }
}
