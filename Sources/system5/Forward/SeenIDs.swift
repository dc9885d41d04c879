/// The latest ids of a partition: a worker that delivers at least once may repeat one.
struct SeenIDs {
  private let limit: Int
  private var ids: Set<String> = []
  /// A ring, the oldest at `oldest` once it is full.
  private var order: [String] = []
  private var oldest = 0

  init(limit: Int = 10_000) { self.limit = max(1, limit) }

  /// Whether the id is new; it is known from now on.
  mutating func insert(_ id: String) -> Bool {
    guard ids.insert(id).inserted else { return false }
    if order.count < limit {
      order.append(id)
    } else {
      ids.remove(order[oldest])
      order[oldest] = id
      oldest = (oldest + 1) % limit
    }
    return true
  }
}
