import HTTPTypes
import Hummingbird
import Kafka
import NIOCore
import Synchronization
import System5Core
import System5Worker

/// The other workers of the group.
final class Peers: Sendable {
  private let directory: (any MemberDirectory)?
  private let forwarder: Forwarder
  private let own = Mutex<String?>(nil)

  init(directory: (any MemberDirectory)?, forwarder: Forwarder) {
    self.directory = directory
    self.forwarder = forwarder
  }

  /// The address that this worker tells the others; nil before it listens.
  var ownAddress: String? {
    get { own.withLock { $0 } }
    set { own.withLock { $0 = newValue } }
  }

  /// Leads to the worker that has a partition, or fetches its answer.
  func answer(
    _ call: Call, _ partition: TopicPartition, forwards: Bool, body: ByteBuffer?
  ) async throws(Problem) -> Answer {
    guard call.request.headerFields[.forwarded] == nil else {
      throw Peers.nobody(partition, "has just moved on")
    }
    let address = try await address(of: partition)
    guard forwards else {
      return Answer(
        status: .temporaryRedirect,
        headers: [.location: "http://\(address)\(call.fullTarget)", .cacheControl: "no-store"])
    }
    return try await forwarder.fetch(
      call.request, body: body, target: call.fullTarget, from: address)
  }

  private func address(of partition: TopicPartition) async throws(Problem) -> String {
    guard let directory else { throw Peers.nobody(partition, "is another worker's") }
    let owner: ShardOwner
    do {
      owner = try await directory.owner(of: partition)
    } catch {
      throw Peers.nobody(partition, "is another worker's, and it is not known whose")
    }
    switch owner {
    case .address(let address) where address != ownAddress: return address
    case .address: throw Peers.nobody(partition, "is on its way to this worker")
    case .silent: throw Peers.nobody(partition, "is of a worker that serves no HTTP")
    case .nobody: throw Peers.nobody(partition, "is being given to a worker")
    }
  }

  private static func nobody(_ partition: TopicPartition, _ what: String) -> Problem {
    Problem(.noOwner, "\(partition.topic), partition \(partition.partition), \(what).")
      .retrying(after: 2)
  }
}

extension Call {
  /// Path and query without `forward`, which is between the client and us.
  var fullTarget: String {
    let rest = (rawQuery ?? "").split(separator: "&").filter {
      $0 != "forward" && !$0.hasPrefix("forward=")
    }
    return rest.isEmpty ? target : "\(target)?\(rest.joined(separator: "&"))"
  }
}
