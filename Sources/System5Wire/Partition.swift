import System5Core

/// What became of a record.
public enum Disposition: Hashable, Sendable {
  case applied, duplicate
  case deadLetter(RejectionCode)
}

/// A partition of an input topic with its store, whichever it is.
public protocol PartitionState: Sendable {
  var input: InputTopic { get }
  /// How many viable systems it knows.
  var systemCount: Int { get }

  /// The state as it stands, to be kept while this one changes.
  var snapshot: Self { get }

  /// Applies one record and appends what is to be written because of it.
  mutating func process(
    _ record: RawRecord, at position: Position, decoder: EventDecoder,
    into results: inout [ResultRecord]
  ) -> Disposition
}

extension PartitionState {
  public var snapshot: Self { self }
}

/// The one step that the worker, `derive` and `replay` share: decode, apply, encode.
public struct Partition<Store: EventStore>: PartitionState
where Store.System.Payload: WirePayload {
  public private(set) var shard: Shard<Store>

  public init(rules: Rules) { shard = Shard(rules: rules) }

  /// A partition as a checkpoint brings it back.
  package init(restoring shard: Shard<Store>) { self.shard = shard }

  public var input: InputTopic { Store.input }
  public var systemCount: Int { shard.store.systems.count }
  public var snapshot: Partition { Partition(restoring: shard.snapshot) }

  /// Made for each store, as the shard's step is; but not exported, since it is called through
  /// `PartitionState`, where only these are found again.
  @_specialize(where Store == PolicyStore)
  @_specialize(where Store == AdaptationStore)
  @_specialize(where Store == VarietyMetricsStore)
  public mutating func process(
    _ record: RawRecord, at position: Position, decoder: EventDecoder,
    into results: inout [ResultRecord]
  ) -> Disposition {
    do throws(Rejection) {
      let head = try decoder.head(of: record, for: Store.input)
      let payload = try Store.System.Payload(type: head.type, data: head.data)
      var outputs: [OutputEvent] = []
      let verdict = shard.apply(
        payload, to: head.system, at: head.time, recordTime: head.recordTime,
        source: head.source.span.bytes, id: head.id.span.bytes, deriving: &outputs)
      if !outputs.isEmpty {
        let cause = Text(String(decoding: head.id, as: UTF8.self))
        ResultEncoder.append(outputs, from: position, cause: cause, to: &results)
      }
      switch verdict {
      case .applied: return .applied
      case .duplicate: return .duplicate
      case .refused(let refusal): throw Rejection(refusal)
      }
    } catch {
      results.append(DeadLetter.record(record, at: position, because: error))
      return .deadLetter(error.code)
    }
  }
}

extension InputTopic {
  /// An empty partition of this topic.
  public func emptyPartition(rules: Rules) -> any PartitionState {
    switch self {
    case .policy: Partition<PolicyStore>(rules: rules)
    case .adaptation: Partition<AdaptationStore>(rules: rules)
    case .variety: Partition<VarietyMetricsStore>(rules: rules)
    }
  }
}
