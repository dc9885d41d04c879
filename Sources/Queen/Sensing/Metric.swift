import Foundation

/// A number that says how the machine is doing.
enum Metric: String, CaseIterable, Sendable {
  /// The share of all cores' time that was busy since the last reading, 0 … 1.
  case cpu
  /// How many processes wanted to run, over the last minute.
  case load
  /// The share of memory that is not available, 0 … 1.
  case memory
  /// How many cores this process kept busy since the last reading.
  case own

  /// What differs by less is no anomaly, however quiet the metric has been.
  var leastDeviation: Double {
    switch self {
    case .cpu: 0.05
    case .load: 0.2
    case .memory: 0.01
    case .own: 0.08
    }
  }
}

/// Reads a metric again and again.
struct MetricReader {
  /// What a metric that is a rate had counted, in any unit.
  struct Count {
    var busy: Double
    var total: Double
  }

  struct Unreadable: Error, CustomStringConvertible {
    let metric: Metric

    var description: String { "The metric \(metric.rawValue) cannot be read on this machine." }
  }

  let metric: Metric
  private var last: Count?

  init(_ metric: Metric) { self.metric = metric }

  /// The value; of a rate, since the last call. Nil the first time for a rate.
  mutating func read() throws -> Double? {
    switch metric {
    case .load: return try found(Proc.load(in: try text("/proc/loadavg")))
    case .memory: return try found(Proc.memory(in: try text("/proc/meminfo")))
    case .cpu: return rate(try found(Proc.cpu(in: try text("/proc/stat"))))
    case .own: return rate(Self.own)
    }
  }

  private mutating func rate(_ count: Count) -> Double? {
    defer { last = count }
    guard let last, count.total > last.total else { return nil }
    return (count.busy - last.busy) / (count.total - last.total)
  }

  /// Seconds of processor time, and of time.
  private static var own: Count {
    Count(
      busy: seconds(of: CLOCK_PROCESS_CPUTIME_ID), total: seconds(of: CLOCK_MONOTONIC))
  }

  private static func seconds(of clock: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  private func text(_ path: String) throws -> String {
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
      throw Unreadable(metric: metric)
    }
    return text
  }

  private func found<Value>(_ value: Value?) throws -> Value {
    guard let value else { throw Unreadable(metric: metric) }
    return value
  }
}

/// What Linux writes in /proc; nil for what is not of that form. See proc(5).
enum Proc {
  static func load(in text: String) -> Double? {
    text.split(separator: " ").first.flatMap { Double($0) }
  }

  static func memory(in text: String) -> Double? {
    func kilobytes(_ name: String) -> Double? {
      let line = text.split(separator: "\n").first { $0.hasPrefix(name + ":") }
      return line?.split(separator: " ").dropFirst().first.flatMap { Double($0) }
    }
    guard let total = kilobytes("MemTotal"), let available = kilobytes("MemAvailable"), total > 0
    else { return nil }
    return 1 - available / total
  }

  /// In ticks. The fourth and fifth numbers are idle time and waiting for input or output; from
  /// the ninth on, the time of guests, which is counted already.
  static func cpu(in text: String) -> MetricReader.Count? {
    guard let line = text.split(separator: "\n").first, line.hasPrefix("cpu ") else { return nil }
    let ticks = line.split(separator: " ").dropFirst().prefix(8).compactMap { Double($0) }
    guard ticks.count >= 5 else { return nil }
    let total = ticks.reduce(0, +)
    return MetricReader.Count(busy: total - ticks[3] - ticks[4], total: total)
  }
}
