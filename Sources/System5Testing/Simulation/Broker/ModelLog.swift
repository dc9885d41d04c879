import System5Wire

/// What a record is made of, apart from where it lies.
struct StoredRecord: Hashable {
  var key: [UInt8]?
  var value: [UInt8]?
  var headers: [RawHeader] = []
  var timestampMilliseconds: Int64?
}

/// The log of one partition: records and control markers, each with an offset.
///
/// Nothing is ever forgotten, so that an auditor can read what retention has taken away.
final class ModelLog {
  enum Fate { case plain, pending, committed, aborted, marker }

  struct Entry {
    let offset: Int64
    var fate: Fate
    /// Of the transaction it belongs to; 0 for none.
    let producer: Int64
    let record: StoredRecord

    /// Whether a reader of committed records gets it.
    var isVisible: Bool { fate == .plain || fate == .committed }
  }

  private(set) var entries: [Entry] = []
  /// The first offset that readers get.
  private(set) var start: Int64 = 0
  /// The first offset of each transaction that has not ended.
  private var open: [Int64: Int64] = [:]

  var end: Int64 { Int64(entries.count) }

  /// Where what is certain ends.
  var lastStable: Int64 { open.values.min() ?? end }

  func append(_ record: StoredRecord, producer: Int64 = 0) {
    if producer != 0, open[producer] == nil { open[producer] = end }
    entries.append(
      Entry(
        offset: end, fate: producer == 0 ? .plain : .pending, producer: producer, record: record))
  }

  /// Ends a producer's transaction here with a marker.
  func finish(producer: Int64, isCommit: Bool) {
    guard let first = open.removeValue(forKey: producer) else { return }
    for index in Int(first)..<entries.count
    where entries[index].producer == producer && entries[index].fate == .pending {
      entries[index].fate = isCommit ? .committed : .aborted
    }
    entries.append(Entry(offset: end, fate: .marker, producer: producer, record: StoredRecord()))
  }

  func trim(to offset: Int64) { start = max(start, min(offset, end)) }

  /// The records from an offset on, and where to go on.
  func read(
    from offset: Int64, limit: Int, committedOnly: Bool = true
  ) -> (entries: [Entry], next: Int64) {
    let bound = committedOnly ? lastStable : end
    var found: [Entry] = []
    var next = max(offset, start)
    while next < bound, found.count < limit {
      let entry = entries[Int(next)]
      if committedOnly ? entry.isVisible : entry.fate != .marker { found.append(entry) }
      next += 1
    }
    // Markers and hidden records behind the last one are passed over with the fetch they came in.
    while next < bound, committedOnly, !entries[Int(next)].isVisible { next += 1 }
    return (found, next)
  }
}
