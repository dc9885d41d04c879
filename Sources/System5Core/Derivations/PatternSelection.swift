/// The first few elements of a stream in a total order, without sorting all of it.
package struct PatternSelection<Element> {
  private let limit: Int
  private let precedes: (Element, Element) -> Bool
  private var kept: [Element] = []
  /// The last of the elements that are certain to be kept; nothing after it can be.
  private(set) var last: Element?

  package init(_ limit: Int, by precedes: @escaping (Element, Element) -> Bool) {
    self.limit = max(0, limit)
    self.precedes = precedes
  }

  package mutating func add(_ element: Element) {
    if let last, !precedes(element, last) { return }
    kept.append(element)
    // Twice the limit before each cut makes the cost of an element logarithmic in the limit.
    if kept.count / 2 >= max(limit, 8) { cut() }
  }

  /// The elements in order.
  package consuming func sorted() -> [Element] {
    cut()
    return kept
  }

  private mutating func cut() {
    kept.sort(by: precedes)
    if kept.count >= limit {
      kept.removeLast(kept.count - limit)
      last = kept.last
    }
  }
}
