import Kafka
import Testing

@testable import System5Client

/// Which offsets may be committed, and when.
@Suite struct InboxTests {
  private let inbox = Inbox()
  private let partition = TopicPartition(topic: "alerts", partition: 0)
  private let other = TopicPartition(topic: "alerts", partition: 1)

  private func entry(
    _ offset: Int64, _ partition: TopicPartition, isPassedOver: Bool = false
  ) -> Inbox.Entry {
    let place = RecordPlace(
      topic: partition.topic, partition: Int(partition.partition), offset: offset)
    let result = ResultEvent(
      id: "\(partition)@\(offset)", system: "acme", time: nil, cause: nil, place: place,
      content: .unreadable(reason: ""))
    return Inbox.Entry(
      partition: partition, offset: offset, result: isPassedOver ? nil : result)
  }

  private func add(_ offsets: Int64...) { inbox.add(offsets.map { entry($0, partition) }) }

  @Test func aResultIsHandledWhenTheNextIsAskedFor() async throws {
    inbox.assigned([partition])
    add(5, 6)
    #expect(try await inbox.next()?.place.offset == 5)
    #expect(inbox.handled.isEmpty)
    #expect(try await inbox.next()?.place.offset == 6)
    #expect(inbox.handled == [PartitionOffset(partition, 6)])
  }

  @Test func orWhenThatIsSaid() async throws {
    inbox.assigned([partition])
    add(5)
    _ = try await inbox.next()
    inbox.acknowledge()
    #expect(inbox.handled == [PartitionOffset(partition, 6)])
  }

  @Test func whatIsPassedOverCountsOnceItsTurnComes() async throws {
    inbox.assigned([partition])
    inbox.add([
      entry(5, partition), entry(6, partition, isPassedOver: true), entry(7, partition),
    ])
    _ = try await inbox.next()
    #expect(inbox.handled.isEmpty)
    #expect(try await inbox.next()?.place.offset == 7)
    #expect(inbox.handled == [PartitionOffset(partition, 7)])
  }

  @Test func aRevokedPartitionGivesWhatIsHandledAndKeepsNothing() async throws {
    inbox.assigned([partition, other])
    add(1, 2, 3)
    inbox.add([entry(9, other)])
    _ = try await inbox.next()
    _ = try await inbox.next()
    #expect(inbox.removed([partition]) == [PartitionOffset(partition, 2)])
    #expect(try await inbox.next()?.place.partition == 1)
    #expect(inbox.handled.isEmpty)
  }

  /// A result that was in hand while its partition went and came back moves no offset: it comes
  /// again, and what is before it may not have been handled by the other member.
  @Test func whatIsLeftOverFromAnEarlierTurnMovesNoOffset() async throws {
    inbox.assigned([partition])
    add(5)
    _ = try await inbox.next()
    #expect(inbox.removed([partition]).isEmpty)
    inbox.assigned([partition])
    inbox.acknowledge()
    #expect(inbox.handled.isEmpty)
  }

  @Test func whatIsCommittedIsForgottenUnlessItHasMovedOn() async throws {
    inbox.assigned([partition])
    add(5, 6)
    _ = try await inbox.next()
    _ = try await inbox.next()
    let handled = inbox.handled
    inbox.acknowledge()
    inbox.committed(handled)
    #expect(inbox.handled == [PartitionOffset(partition, 7)])
    inbox.committed(inbox.handled)
    #expect(inbox.handled.isEmpty)
  }

  @Test func recordsOfPartitionsThatAreNotOursAreDropped() {
    add(1)
    #expect(inbox.count == 0)
  }

  @Test func whoWaitsIsGivenWhatComes() async throws {
    inbox.assigned([partition])
    async let next = inbox.next()
    add(5)
    #expect(try await next?.place.offset == 5)
  }

  @Test func anEndEndsTheSequence() async throws {
    async let next = inbox.next()
    inbox.end(nil)
    #expect(try await next == nil)
    #expect(try await inbox.next() == nil)
  }

  @Test func aFailureIsThrown() async throws {
    inbox.end(KafkaFailure(.notAuthorised, "no"))
    await #expect(throws: KafkaFailure(.notAuthorised, "no")) { try await inbox.next() }
  }

  @Test func aCancelledTaskHasHandledWhatItWasGiven() async throws {
    inbox.assigned([partition])
    add(5)
    let inbox = inbox
    let task = Task {
      var count = 0
      while try await inbox.next() != nil { count += 1 }
      return count
    }
    while inbox.count > 0 { await Task.yield() }
    task.cancel()
    #expect(try await task.value == 1)
    #expect(inbox.handled == [PartitionOffset(partition, 6)])
  }

  @Test(.timeLimit(.minutes(1)))
  func aSecondReaderIsRefused() async throws {
    let inbox = inbox
    await #expect(throws: ResultsInUse.self) {
      try await withThrowingTaskGroup(of: ResultEvent?.self) { group in
        // Whichever comes second is refused, and so is the first to have an answer.
        for _ in 0..<2 { group.addTask { try await inbox.next() } }
        _ = try await group.next()
      }
    }
  }
}

@Suite struct RepeatWindowTests {
  @Test func remembersTheLatest() {
    var window = RepeatWindow(size: 3)
    var isNew: [Bool] = []
    for id in ["a", "b", "c", "a", "d", "a", "c", "d", "b"] { isNew.append(window.insert(id)) }
    // With "d" it forgets "a", and with "a" it forgets "b".
    #expect(isNew == [true, true, true, false, true, true, false, false, true])
  }
}
