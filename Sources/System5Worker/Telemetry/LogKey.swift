import Logging

/// The keys of log metadata, in one place.
enum LogKey: String {
  case pipeline, topic, partition, partitions, offset, committed, remaining, cause, wait, version
  case records, error, facility, bytes, progress
}

extension Logger.Metadata {
  /// Metadata out of known keys.
  static func of(_ pairs: (LogKey, any CustomStringConvertible & Sendable)...) -> Logger.Metadata {
    var result = Logger.Metadata()
    for (key, value) in pairs { result[key.rawValue] = .stringConvertible(value) }
    return result
  }
}
