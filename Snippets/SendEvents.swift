//! Tells System5 of a policy, an adaptation and its outcome.

import System5Client

// snippet.connect
let connection = Connection(brokers: "localhost:9092")
let producer = try EventProducer(connection, source: "/acme/queen")
// snippet.end

// snippet.send
let policy = PolicyStored(
  "scale-out", data: ["action": "add a replica", "limit": 8], metadata: ["owner": "platform"])
let delivery = try await producer.send(policy, for: "acme")
print("stored at offset \(delivery.offset ?? -1) of partition \(delivery.partition)")
// snippet.end

// snippet.adaptation
let overload = AdaptationContext(
  anomalyContext: ["type": "overload", "metric": "cpu", "severity": 0.8],
  policyChanges: ["scale-out"], domain: "web")
try await producer.send(AdaptationStored("overload-17", overload), for: "acme")

// Later, when it is known how it went:
let outcome = Outcome(success: true, performanceImpact: 0.7, stabilityImpact: 0.5)
try await producer.send(OutcomeRecorded("overload-17", outcome), for: "acme")
// snippet.end

// snippet.retry
/// Tries until the brokers have it. The id is the same each time, so it counts once.
func sendStubbornly(_ event: some System5Event, id: String) async throws {
  while true {
    do {
      try await producer.send(event, for: "acme", id: id)
      return
    } catch let failure as KafkaFailure where failure.kind == .unavailable {
      print("not acknowledged: \(failure)")
    }
  }
}
// snippet.end

try await sendStubbornly(PolicyRestored("scale-out"), id: "restore-scale-out-1")

// snippet.shutdown
await producer.shutdown()
// snippet.end
