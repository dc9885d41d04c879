internal import DequeModule

/// The latest ids of one partition, to tell a result that comes again.
///
/// A worker that publishes at least once repeats, after a crash, what it had published since its
/// last commit: so a repetition follows soon or never, and a bounded window finds it.
struct RepeatWindow {
  private let size: Int
  private var ids: Set<String> = []
  private var order: Deque<String> = []

  /// - Parameter size: how many ids are remembered, 1 or more.
  init(size: Int) { self.size = size }

  /// Whether the id is new; remembers it, and forgets the oldest for it.
  mutating func insert(_ id: String) -> Bool {
    guard ids.insert(id).inserted else { return false }
    order.append(id)
    if order.count > size { ids.remove(order.removeFirst()) }
    return true
  }
}
