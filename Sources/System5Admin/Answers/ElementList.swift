import System5Wire

/// The elements of one page of a list, encoded as they come: as many as were asked for, and not
/// more bytes than an answer should have.
struct ElementList {
  /// A page ends with the element that reaches this, since elements may be large.
  private static let enoughBytes = 4 << 20

  private let limit: Int
  private(set) var count = 0
  private(set) var bytes: [UInt8] = []

  init(limit: Int) { self.limit = limit }

  init(_ elements: some Sequence<OrderedJSON>) {
    self.init(limit: .max)
    for element in elements { add(element) }
  }

  var isFull: Bool { count >= limit || bytes.count >= ElementList.enoughBytes }

  mutating func add(_ element: OrderedJSON) {
    if count > 0 { bytes.append(UInt8(ascii: ",")) }
    element.append(to: &bytes)
    count += 1
  }

  /// Adds elements in order until the page is full.
  ///
  /// - Returns: the last one that has found room if others have not; nil if all have.
  mutating func fill<Element>(
    from elements: some Sequence<Element>, _ json: (Element) -> OrderedJSON
  ) -> Element? {
    var last: Element?
    for element in elements {
      if isFull { return last }
      add(json(element))
      last = element
    }
    return nil
  }
}
