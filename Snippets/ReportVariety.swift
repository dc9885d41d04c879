//! Reports a variety every 30 seconds.

import System5Client

/// Stands for what the service knows of itself.
struct Responses: Sendable {
  func count() async -> Int { 12 }
}

let responses = Responses()
let producer = try EventProducer(Connection(brokers: "localhost:9092"), source: "/acme/queen")

// snippet.report
let reporter = VarietyReporter(sender: producer, system: "acme", source: "responses") {
  Variety(Double(await responses.count()), capacity: 40, role: .system)
}
let reporting = Task { await reporter.run() }
// snippet.end

// snippet.threshold
try await producer.send(
  ThresholdSet("responses", threshold: 5, direction: .below, duration: .seconds(60)), for: "acme")
// snippet.end

// snippet.stop
reporting.cancel()
await reporting.value
await producer.shutdown()
// snippet.end
