import Kafka
import System5Core
import System5Wire
import System5Worker

/// How shards stand, as answers and the stream of events say it.
enum StatusJSON {
  static func shard(_ report: ShardReport) -> OrderedJSON {
    let members: [OrderedJSON.Member?] = [
      .init("topic", .string(report.partition.topic)),
      .init("partition", .integer(Int64(report.partition.partition))),
      .init("status", .string(word(report.status))),
      .init("offset", .integer(report.position)),
      .init("committed", number(report.committed)),
      .init("log_end", number(report.logEnd)),
      .init("lag", number(report.lag)),
      .optional("progress", progress(report)),
      .init("newest_record", report.newestRecord.map(OrderedJSON.time) ?? .null),
      .init("applied", .integer(report.applied)),
      .init("systems", number(report.state.map { Int64($0.systemCount) })),
    ]
    return .object(members.compactMap(\.self))
  }

  static func word(_ status: ShardReport.Status) -> String {
    switch status {
    case .takingOver: "taking-over"
    case .restoring: "restoring"
    case .live: "live"
    }
  }

  /// nil for a live one.
  static func progress(_ report: ShardReport) -> OrderedJSON? {
    switch report.status {
    case .live: nil
    case .takingOver(let progress): .object([.init("checkpoint", .string(progress))])
    case .restoring(let target):
      .object([.init("offset", .integer(report.position)), .init("target", .integer(target))])
    }
  }

  static func number(_ value: Int64?) -> OrderedJSON { value.map(OrderedJSON.integer) ?? .null }
}
