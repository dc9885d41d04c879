import System5Core
import System5Wire

/// Compares what the model expects with what was published. Ids of patterns and alerts are the
/// program's own to choose, but one must always stand for the same one: it remembers them, so one
/// comparison serves a whole run.
public struct ReferenceComparison: Sendable {
  /// How many partitions the output topics have; nil: as many as their input. With fewer, results
  /// of several input partitions share one, and must be given in the order of `expected`.
  public var partitions: Int32?
  private var published: [ReferenceWord: ReferenceWord] = [:]
  private var meant: [ReferenceWord: ReferenceWord] = [:]

  public init(partitions: Int32? = nil) { self.partitions = partitions }

  /// What differs, a sentence each; empty where nothing does.
  ///
  /// Order counts within each partition of each topic only, so both lists may be of one record or
  /// of whole logs, topic after topic.
  public mutating func differences(
    expected: [ReferenceResult], published records: [ResultRecord]
  ) -> [String] {
    var complaints = records.flatMap { learn($0) }
    let wanted = Dictionary(grouping: numbered(expected)) { expectation in
      log(expectation.result.topic, partition(expectation.result))
    }
    let found = Dictionary(grouping: records) { log($0.topic, $0.partition) }
    for log in Set(wanted.keys).union(found.keys).sorted() {
      complaints += compare(wanted[log] ?? [], found[log] ?? []).map { "\(log): \($0)" }
    }
    return complaints
  }

  /// What differs between what the stores hold and what `derive --state` wrote, as
  /// `{"systems":{…}}`, of records whose results have been compared.
  public func differences(state model: ReferenceModel, published: [UInt8]) -> [String] {
    guard let found = try? ReferenceParser.value(of: published, depth: 80) else {
      return ["the state is not JSON"]
    }
    return differences("", renamed(model.state), found)
  }

  /// Members that go by the model's own ids under the published ones.
  private func renamed(_ value: ReferenceValue) -> ReferenceValue {
    guard case .object(let members) = value else { return value }
    return .object(
      members.reduce(into: [:]) { $0[published[$1.key] ?? $1.key] = renamed($1.value) })
  }

  private func partition(_ result: ReferenceResult) -> Int32 {
    result.origin.partition % (partitions ?? .max)
  }

  private func log(_ topic: OutputKind, _ partition: Int32) -> String {
    "\(topic.suffix)-\(partition)"
  }

  private func compare(_ wanted: [Expectation], _ found: [ResultRecord]) -> [String] {
    for index in 0..<max(wanted.count, found.count) {
      guard index < found.count else { return ["missing: \(wanted[index])"] }
      guard index < wanted.count else { return ["not expected: \(describe(found[index]))"] }
      let complaints = compare(wanted[index], found[index])
      // What follows a difference is most often the same difference again.
      if !complaints.isEmpty {
        return [
          complaints.joined(separator: "; ")
            + "\n  expected \(wanted[index])\n  found \(describe(found[index]))"
        ]
      }
    }
    return []
  }

  private func describe(_ record: ResultRecord) -> String {
    let key = record.key.map { String(decoding: $0, as: UTF8.self) } ?? "no key"
    let value = record.value.map { String(decoding: $0, as: UTF8.self) } ?? "no value"
    let headers = record.headers.filter { $0.name.hasPrefix("__system5") }
      .map { "\($0.name)=\(String(decoding: $0.value ?? [], as: UTF8.self))" }
    return ([key, value] + headers).joined(separator: " ")
  }
}

/// A result with its number among those of its record.
private struct Expectation: CustomStringConvertible {
  var result: ReferenceResult
  var number: Int

  var id: String {
    let origin = result.origin
    return "\(origin.topicName)-\(origin.partition)@\(origin.offset)#\(number)"
  }

  var description: String {
    switch result.content {
    case .tombstone: "\(id) tombstone of \(result.about?.string ?? "")"
    case .deadLetter(let code, _): "\(id) dead letter \(code)"
    case .event(let type, _, let data): "\(id) \(type) \(ReferenceValue.object(data).canonical)"
    }
  }
}

extension ReferenceComparison {
  /// Puts results in the order of the published ids and numbers them, record by record.
  private func numbered(_ results: [ReferenceResult]) -> [Expectation] {
    var expectations: [Expectation] = []
    var rest = results[...]
    while let first = rest.first {
      let ofRecord = rest.prefix { $0.origin == first.origin }
      rest = rest.dropFirst(ofRecord.count)
      var number = -1
      for result in inOrder(Array(ofRecord)) {
        if case .event = result.content { number += 1 }
        expectations.append(Expectation(result: result, number: number))
      }
    }
    return expectations
  }

  private func inOrder(_ results: [ReferenceResult]) -> [ReferenceResult] {
    results.enumerated().sorted { one, other in
      guard let first = one.element.place, let second = other.element.place else {
        return one.offset < other.offset
      }
      let ids = (published[first.id] ?? first.id, published[second.id] ?? second.id)
      return (first.block, first.domain, ids.0, one.offset)
        < (second.block, second.domain, ids.1, other.offset)
    }.map(\.element)
  }
}

extension ReferenceComparison {
  /// Learns which id stands for what from the first result that says what it is about.
  private mutating func learn(_ record: ResultRecord) -> [String] {
    guard record.topic != .deadLetters, let value = record.value,
      let event = try? ReferenceParser.value(of: value, depth: 80), let data = event["data"],
      let type = event["type"]?.word?.string
    else { return [] }
    switch type {
    case "system5.pattern.derived": return learn(data["pattern"], patternName(data))
    case "system5.pattern.transferred":
      guard let base = data["base_pattern"], let target = data["target_domain"]?.word else {
        return []
      }
      let name =
        "transfer to \(target.string.debugDescription) of \(patternName(base).string)"
      return learn(base["pattern"], patternName(base))
        + learn(data["pattern"], ReferenceWord(name))
    case "system5.alert.firing", "system5.alert.resolved":
      return learn(data["alert"], alertName(data))
    default: return []
    }
  }

  private func patternName(_ data: ReferenceValue) -> ReferenceWord {
    ReferencePattern.name(
      domain: data["domain"]?.word ?? "", categories: data["common_context"]?.members ?? [:],
      numbers: (data["context_ranges"]?.members ?? [:]).keys)
  }

  private func alertName(_ data: ReferenceValue) -> ReferenceWord {
    let key = ReferenceAlertKey(
      kind: data["kind"]?.word?.string ?? "", source: data["source"]?.word ?? "",
      direction: data["direction"]?.word ?? "")
    return ReferenceAlertKey.name(key, data["system"]?.word ?? "")
  }

  private mutating func learn(_ id: ReferenceValue?, _ name: ReferenceWord) -> [String] {
    guard let id = id?.word else { return ["\(name.string) has no id"] }
    let known = (published[name] ?? id, meant[id] ?? name)
    published[name] = known.0
    meant[id] = known.1
    if known == (id, name) { return [] }
    return ["\(id.string) is the id of \(name.string) and of \(known.1.string)"]
  }
}

extension ReferenceComparison {
  private func compare(_ wanted: Expectation, _ found: ResultRecord) -> [String] {
    let result = wanted.result
    if case .deadLetter(let code, let record) = result.content {
      return deadLetter(code, record, result.origin, found)
    }
    let about = result.about.map { published[$0] ?? $0 }
    let key = result.system.string + (about.map { "/\($0.string)" } ?? "")
    var complaints = found.key == Array(key.utf8) ? [] : ["the key is not \(key)"]
    guard case .event(let type, let time, let data) = result.content else {
      return complaints + (found.value == nil ? [] : ["it is no tombstone"])
    }
    guard let value = found.value,
      let event = try? ReferenceParser.value(of: value, depth: 80)
    else { return complaints + ["it is not JSON"] }
    let envelope: ReferenceValue = [
      "specversion": "1.0", "id": .text(ReferenceWord(wanted.id)),
      "source": .text(ReferenceWord("/system5/\(result.system.string)")),
      "type": .text(ReferenceWord(type)), "time": .time(time),
      "subject": .text(about ?? result.system), "causationid": .text(result.cause),
      "datacontenttype": "application/json", "data": .object(data),
    ]
    complaints += differences("", envelope, event)
    return complaints
  }

  private func deadLetter(
    _ code: String, _ record: RecordLine, _ origin: Position, _ found: ResultRecord
  ) -> [String] {
    var complaints: [String] = []
    if found.key != record.key { complaints.append("the key is not as received") }
    if found.value != record.value { complaints.append("the value is not as received") }
    let count = record.headers.count
    if Array(found.headers.prefix(count)) != record.headers {
      complaints.append("the headers are not as received")
    }
    var errors: [String: String] = [:]
    for header in found.headers.dropFirst(count) {
      errors[header.name] = header.value.map { String(decoding: $0, as: UTF8.self) }
    }
    let wanted = [
      "code": code, "topic": origin.topicName, "partition": "\(origin.partition)",
      "offset": "\(origin.offset)", "timestamp": "\(record.timestampMilliseconds ?? -1)",
    ]
    for (name, value) in wanted.sorted(by: <) where errors["__system5.errors." + name] != value {
      complaints.append("the header \(name) is not \(value)")
    }
    if errors["__system5.errors.message"]?.isEmpty != false {
      complaints.append("there is no message")
    }
    return complaints
  }
}

extension ReferenceComparison {
  private func differences(
    _ path: String, _ wanted: ReferenceValue, _ found: ReferenceValue
  ) -> [String] {
    switch (wanted, found) {
    case (.object(let wanted), .object(let found)):
      return Set(wanted.keys).union(found.keys).sorted().flatMap { name -> [String] in
        let path = "\(path)/\(name.string)"
        guard let value = wanted[name] else { return ["\(path) is not expected"] }
        guard let other = found[name] else { return ["\(path) is missing"] }
        return differences(path, value, other)
      }
    case (.list(let wanted), .list(let found)) where wanted.count == found.count:
      return zip(wanted, found).enumerated().flatMap { index, pair in
        differences("\(path)/\(index)", pair.0, pair.1)
      }
    default:
      return isSame(wanted, found)
        ? [] : ["\(path) is \(found.canonical), not \(wanted.canonical)"]
    }
  }

  private func isSame(_ wanted: ReferenceValue, _ found: ReferenceValue) -> Bool {
    switch (wanted, found) {
    case (.number(let one), .literal(let text)):
      guard let other = Double(text) else { return false }
      return abs(one - other) <= 1e-9 * max(abs(one), abs(other)) + 1e-12
    case (.time(let one), .text(let text)): return ReferenceTime(text) == one
    case (.nearTime(let one), .text(let text)):
      guard let other = ReferenceTime(text) else { return false }
      return abs(one - other) <= 1000
    case (.name(let name), .text(let text)): return published[name] == text
    case (.sentence, .text(let text)): return !text.bytes.isEmpty
    default: return wanted == found
    }
  }
}
