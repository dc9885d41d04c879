import Kafka
import System5Core

/// Waits for the broker, then sees that every topic is there.
struct Startup {
  let properties: ClientProperties
  let names: TopicNames
  let stop: StopSignal
  let outage: Outage

  /// Ends a worker before it has begun.
  struct Early: Error { let exit: WorkerExit }

  func layout() -> Result<TopicLayout, Early> {
    let admin: Admin
    do {
      admin = try Admin(configuration: properties.admin, events: outage.events)
    } catch {
      return .failure(Early(exit: .configuration("\(error)")))
    }
    var backoff = Backoff()
    while !stop.isRequested {
      do {
        let found = try admin.topics(names.all, timeoutMilliseconds: 5_000)
        outage.back()
        return layout(of: found)
      } catch {
        outage.note(error)
        outage.away(error.reason)
      }
      if let refusal = outage.refusal { return .failure(Early(exit: refusal)) }
      stop.wait(backoff.next())
    }
    return .failure(Early(exit: .stopped))
  }

  private func layout(of topics: [TopicMetadata]) -> Result<TopicLayout, Early> {
    var counts: [String: Int32] = [:]
    for topic in topics where topic.error == nil && topic.partitionCount > 0 {
      counts[topic.name] = Int32(clamping: topic.partitionCount)
    }
    let missing = names.all.filter { counts[$0] == nil }
    guard missing.isEmpty else {
      let refused = topics.first { $0.error?.isAuthentication == true }
      if let refused {
        return .failure(Early(exit: .notAuthorised("We may not read the topic \(refused.name).")))
      }
      let list = missing.joined(separator: ", ")
      return .failure(
        Early(
          exit: .configuration(
            "These topics are missing: \(list); create them with `system5 topics apply`.")))
    }
    return .success(TopicLayout(names: names, partitionCounts: counts))
  }
}
