//! Receives alerts and patterns.

import System5Client

// snippet.connect
var options = ResultOptions(group: "acme-queen")
options.topics = [.alerts, .patterns]
let consumer = try ResultConsumer(Connection(brokers: "localhost:9092"), options)
// snippet.end

// snippet.receive
let receiving = Task {
  for try await result in consumer.results where result.system == "acme" {
    switch result.content {
    case .alertFiring(let alert): print("since \(alert.startsAt): \(alert.summary)")
    case .alertResolved(let alert): print("over: \(alert.summary)")
    case .patternDerived(let pattern):
      print("\(pattern.occurrences) times: \(pattern.recommendedActions.map(\.action))")
    case .unreadable(let reason): print("\(result.place): \(reason)")
    default: break
    }
  }
}
// snippet.end

// snippet.shutdown
receiving.cancel()
_ = await receiving.result
await consumer.shutdown()
// snippet.end
