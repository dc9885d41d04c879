public import Kafka
import NIOPosix
import Synchronization
import System5Worker

/// Asks the group's coordinator, and remembers the answer for a few seconds.
public final class GroupDirectory: MemberDirectory {
  private static let lifetime: Duration = .seconds(3)
  private static let timeoutMilliseconds = 3_000

  private let group: String
  private let configuration: ClientConfiguration
  /// librdkafka's calls block, so they have a thread of their own.
  private let thread = NIOThreadPool(numberOfThreads: 1)
  /// Made when first asked for: a worker alone in its group never needs it. Only used on the thread.
  private let admin = Mutex<Admin?>(nil)
  private let answer = Mutex<Answer?>(nil)

  private struct Answer {
    let owners: Result<[TopicPartition: ShardOwner], DirectoryError>
    let at: ContinuousClock.Instant
  }

  /// - Parameter configuration: of a client that only asks.
  public init(group: String, configuration: ClientConfiguration) {
    self.group = group
    self.configuration = configuration
    thread.start()
  }

  public func owner(of partition: TopicPartition) async throws(DirectoryError) -> ShardOwner {
    let owners = try await owners().get()
    return owners[partition] ?? .nobody
  }

  private func owners() async -> Result<[TopicPartition: ShardOwner], DirectoryError> {
    if let fresh { return fresh }
    do {
      return try await thread.runIfActive { self.fresh ?? self.ask() }
    } catch {
      return .failure(DirectoryError(reason: "The worker is ending."))
    }
  }

  private var fresh: Result<[TopicPartition: ShardOwner], DirectoryError>? {
    answer.withLock { answer in
      guard let answer, .now - answer.at < GroupDirectory.lifetime else { return nil }
      return answer.owners
    }
  }

  private func ask() -> Result<[TopicPartition: ShardOwner], DirectoryError> {
    let owners = Result { () throws(DirectoryError) in
      try GroupDirectory.owners(in: try members())
    }
    answer.withLock { $0 = Answer(owners: owners, at: .now) }
    return owners
  }

  private func members() throws(DirectoryError) -> [GroupMember] {
    let result = admin.withLock { admin in
      Result { () throws(DirectoryError) in
        do {
          let asked = try admin ?? Admin(configuration: configuration)
          admin = asked
          return try asked.members(
            ofGroup: group, timeoutMilliseconds: GroupDirectory.timeoutMilliseconds)
        } catch let error as KafkaError {
          throw DirectoryError(reason: error.reason)
        } catch {
          throw DirectoryError(reason: "The client could not be made.")
        }
      }
    }
    return try result.get()
  }

  static func owners(
    in members: [GroupMember]
  ) throws(DirectoryError) -> [TopicPartition: ShardOwner] {
    // In the middle of a rebalance, or from brokers that tell no more than how many there are.
    if !members.isEmpty, members.allSatisfy(\.assignment.isEmpty) {
      throw DirectoryError(reason: "The brokers do not say which member has which partition.")
    }
    var owners: [TopicPartition: ShardOwner] = [:]
    for member in members {
      let owner = MemberName.address(in: member.clientID).map { ShardOwner.address($0) }
      for partition in member.assignment { owners[partition] = owner ?? .silent }
    }
    return owners
  }

  /// Ends the thread and the client.
  func shutDown() async { try? await thread.shutdownGracefully() }
}
