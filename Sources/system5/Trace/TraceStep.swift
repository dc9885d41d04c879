import HashTreeCollections
import System5Core
import System5Wire

/// One record of the system, and the shard before and after it.
struct TraceStep {
  let line: RecordLine
  /// nil for what is no event.
  let event: TracedEvent?
  let before: any PartitionState
  let after: any PartitionState
  let step: DerivedShard.Step

  /// The code and the sentence of the refusal; nil for an event that was applied.
  var refusal: String? {
    guard case .deadLetter(let code) = step.disposition else { return nil }
    let message = step.results.last.flatMap { LetterOrigin($0.headers) }?.message ?? ""
    return "refused (\(code.rawValue)): \(message)"
  }

  var isDuplicate: Bool { step.disposition == .duplicate }

  /// The results about a subject with their ids, tombstones left out.
  func results(
    about subjects: Set<Text>, of system: Text, parser: JSONParser
  ) -> [TracedResult] {
    let keys = Set(subjects.map { Array("\(system)/\($0)".utf8) })
    var found: [TracedResult] = []
    for result in step.results where result.topic != .deadLetters {
      guard let key = result.key, keys.contains(key),
        let content = ResultContent(result.value, parser: parser),
        let id = result.value.flatMap({ parser.object($0) })?["id"]?.text
      else { continue }
      found.append(TracedResult(id: id, content: content))
    }
    return found
  }
}

/// A result that an event had.
struct TracedResult {
  let id: String
  let content: ResultContent

  /// What it says in a few words.
  var summary: String {
    let facet = DiffFacet(type: content.type, time: content.time, data: content.data)
    let kind = content.type.split(separator: ".").last ?? ""
    let episode = content.data["episode"].map { ", episode \($0.canonicalText)" } ?? ""
    let text = facet.summary
    // It stands in a list of what an event did.
    return "\(kind)\(episode): \(text.hasSuffix(".") ? String(text.dropLast()) : text)"
  }
}

/// What a record did to the thing that is traced.
struct TraceChange {
  let text: String
  let results: [String]

  init(_ text: String, _ results: [TracedResult] = []) {
    self.text = text
    self.results = results.map(\.id)
  }

  /// What was done, then what was published; nil where there is neither.
  init?(_ texts: [String], _ results: [TracedResult]) {
    let all = texts + results.map(\.summary)
    if all.isEmpty { return nil }
    self.init(all.joined(separator: "; "), results)
  }
}

/// Follows one thing through the records of its system.
protocol Tracer {
  var input: InputTopic { get }

  /// What a record did to it; nil: nothing at all.
  func change(by step: TraceStep) -> TraceChange?
}
