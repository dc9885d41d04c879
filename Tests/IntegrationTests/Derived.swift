import Foundation
import Kafka
import System5Core
import System5Wire
import Testing

/// A result by what it is: its place without the offset, and its bytes.
struct Published: Hashable, CustomStringConvertible {
  let topic: String
  let partition: Int32
  /// The result's id, or the record that a dead letter was.
  let id: String
  let key: [UInt8]?
  let value: [UInt8]?

  var description: String {
    "\(topic)-\(partition) \(id): " + String(decoding: (value ?? []).prefix(300), as: UTF8.self)
  }

  init(topic: String, partition: Int32, key: [UInt8]?, value: [UInt8]?, headers: [String: [UInt8]])
  {
    self.topic = topic
    self.partition = partition
    self.key = key
    self.value = value
    self.id = Published.id(value: value, headers: headers)
  }

  /// The input partition it follows from: its id says so, up to the offset.
  var origin: Substring {
    let place = id.prefix { $0 != "@" }
    return place.split(separator: " ").last ?? place
  }

  private static func id(value: [UInt8]?, headers: [String: [UInt8]]) -> String {
    func text(_ name: String) -> String? {
      headers[name].map { String(decoding: $0, as: UTF8.self) }
    }
    if let topic = text("__system5.errors.topic"),
      let partition = text("__system5.errors.partition"),
      let offset = text("__system5.errors.offset"), let code = text("__system5.errors.code")
    {
      return "dead \(topic)-\(partition)@\(offset) \(code)"
    }
    if let retired = text("__system5.id") { return "tombstone \(retired)" }
    let object =
      value.flatMap { try? JSONSerialization.jsonObject(with: Data($0)) } as? [String: Any]
    return object?["id"] as? String ?? "?"
  }
}

extension Deployment {
  /// What the output topics hold, each id once, in order within each partition.
  ///
  /// The local broker shows records of aborted transactions, so ids may repeat where one was; that
  /// one id never has two contents is what must hold then, and is checked here.
  func published(mayRepeat: Bool) throws -> [Published] {
    var contents: [String: Published] = [:]
    var unique: [Published] = []
    for record in try records(of: Deployment.outputs) {
      let result = Published(
        topic: record.topicPartition.topic, partition: record.topicPartition.partition,
        key: record.key, value: record.value, headers: record.headers)
      if let earlier = contents.updateValue(result, forKey: result.id) {
        #expect(earlier == result, "one id with two contents")
        #expect(mayRepeat, "published twice: \(result)")
      } else {
        unique.append(result)
      }
    }
    return unique
  }

  /// What `derive` makes of the records that the input topics hold.
  func derived(from inputs: [Seen]) throws -> [Published] {
    let coder = RecordLineCoder()
    let lines = try derive(inputs).split(separator: UInt8(ascii: "\n"))
    return try lines.map { line in
      let line = try coder.parse(Array(line))
      return Published(
        topic: line.topic, partition: line.partition ?? 0, key: line.key, value: line.value,
        headers: Dictionary(
          line.headers.map { ($0.name, $0.value ?? []) }, uniquingKeysWith: { first, _ in first }))
    }
  }

  /// What `derive` prints for these records.
  func derive(_ inputs: [Seen]) throws -> Data {
    let derived = try Program.run(["derive", inputFile(inputs), "--prefix", prefix])
    try #require(derived.status == 0, "\(derived.errors)")
    return derived.output
  }

  /// These records as a file of record lines.
  func inputFile(_ inputs: [Seen]) throws -> String {
    try folder.write(try inputs.map(line), to: "inputs.jsonl")
  }

  private func line(_ record: Seen) throws -> String {
    var object: [String: Any] = [
      "topic": record.topicPartition.topic, "partition": record.topicPartition.partition,
      "offset": record.offset,
      "timestamp": RFC3339.text(of: .init(milliseconds: record.timestamp)),
      "headers": record.headers.mapValues { String(decoding: $0, as: UTF8.self) },
    ]
    object["key"] = record.key.map { String(decoding: $0, as: UTF8.self) }
    object["value_base64"] = record.value.map { Data($0).base64EncodedString() }
    return String(
      decoding: try JSONSerialization.data(withJSONObject: object), as: UTF8.self)
  }

  /// The topics hold what `derive` gives, byte for byte: nothing lost or different, and in the same
  /// order within each partition, as far as it follows from one input partition.
  ///
  /// - Parameters:
  ///   - mayRepeat: whether a transaction may have been aborted, whose records the local broker shows.
  ///   - lostByBroker: how many results the broker may have lost after acknowledging them.
  func expectResultsEqualDerived(
    _ inputs: [Seen], mayRepeat: Bool = true, lostByBroker: Int = 0
  ) throws {
    let published = try published(mayRepeat: mayRepeat)
    let derived = try derived(from: inputs)
    #expect(!derived.isEmpty)
    let missing = Set(derived).subtracting(published)
    let surplus = Set(published).subtracting(derived)
    #expect(
      missing.count <= lostByBroker, "missing \(missing.count): \(missing.first?.description ?? "")"
    )
    #expect(surplus.isEmpty, "surplus \(surplus.count): \(surplus.first?.description ?? "")")
    let expected = sequences(of: derived.filter { !missing.contains($0) })
    for (place, found) in sequences(of: published) {
      #expect(found == expected[place], "not in the order of \(place)")
    }
  }

  /// Results by where they lie and which input partition they follow from.
  private func sequences(of results: [Published]) -> [String: [Published]] {
    Dictionary(grouping: results) { "\($0.topic)-\($0.partition) from \($0.origin)" }
  }
}
