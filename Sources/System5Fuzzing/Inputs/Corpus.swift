import System5Core
import System5Testing
import System5Wire

/// What mutation starts from.
public struct Corpus: Sendable {
  /// Of each target one at least.
  public private(set) var inputs: [FuzzTarget: [FuzzInput]] = [:]

  /// - Parameters:
  ///   - lines: record lines, such as the contract's examples.
  ///   - documents: JSON or what looks like it.
  public init(lines: [[UInt8]], documents: [[UInt8]]) {
    let base = BaseStates()
    add(.json, documents)
    addLines(lines, base)
    addCheckpoints(base)
    addShelves()
  }

  public mutating func add(_ input: FuzzInput) { inputs[input.target, default: []].append(input) }

  private mutating func add(_ target: FuzzTarget, _ payloads: [[UInt8]]) {
    for payload in payloads { add(FuzzInput(target, payload)) }
  }

  private mutating func addLines(_ lines: [[UInt8]], _ base: BaseStates) {
    let coder = RecordLineCoder()
    let generated = base.following.map(coder.encode)
    add(.lines, lines + generated.prefix(60))
    let parsed = (lines + generated).compactMap { try? coder.parse($0) }
    add(.json, parsed.prefix(200).compactMap(\.value))
    for input in InputTopic.allCases {
      let records = parsed.filter { $0.topic.hasSuffix(input.suffix) }.map(FuzzRecord.init)
      add(
        .records, (records + (base.probes[input] ?? [])).map { RecordSequence(input, [$0]).bytes })
      let pairs = zip(records, records.dropFirst(3)).prefix(40)
      add(.records, pairs.map { RecordSequence(input, [$0, $1]).bytes })
    }
  }

  private mutating func addCheckpoints(_ base: BaseStates) {
    for input in InputTopic.allCases {
      let states = [base[input], input.emptyPartition(rules: BaseStates.rules)]
      for (number, state) in states.enumerated() {
        let position = Int64(700 - number * 300)
        guard let content = try? CheckpointCheck.content(of: state, position: position) else {
          continue
        }
        add(.checkpoints, [content.bytes])
        add(.manifests, [content.manifest.bytes])
      }
    }
  }

  /// Two whole checkpoints, one of them newer.
  private mutating func addShelves() {
    var records: [ShelfRecords.Record] = []
    for position in [Int64(5), 7] {
      let state = InputTopic.policy.emptyPartition(rules: BaseStates.rules)
      guard let content = try? CheckpointCheck.content(of: state, position: position) else {
        continue
      }
      let key = { (last: String) in Array("\(ShelfCheck.group)/\(position)/\(last)".utf8) }
      records.append(.init(key: key("manifest"), value: nil))
      records.append(.init(key: key("0"), value: content.content))
      records.append(.init(key: key("1"), value: nil))
      records.append(.init(key: key("manifest"), value: content.manifest.bytes))
    }
    add(.shelves, [ShelfRecords(records).bytes])
  }
}
