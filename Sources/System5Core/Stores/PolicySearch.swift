/// Looks for a phrase, upper or lower case, in the ids of policies and in the canonical texts of
/// their data and metadata.
///
/// A scan, and no index, which costs a change nothing; `Benchmarks/README.md` has what it takes.
struct PolicySearch {
  /// In lower case.
  private let phrase: [UInt8]
  /// The first bytes of the phrase, up to eight, and which bits of a word they are.
  private let head: UInt64
  private let headMask: UInt64
  /// The texts of the policy at hand, kept for its storage.
  private var text: [UInt8] = []

  /// Occurs in no UTF-8, so that no phrase goes beyond the text that it begins in.
  private static let separator: UInt8 = 0xFF

  init(_ phrase: Text) {
    self.phrase = Array(phrase.string.lowercased().utf8)
    let count = min(8, self.phrase.count)
    headMask = count == 8 ? .max : (1 << UInt64(count * 8)) - 1
    head = self.phrase.prefix(count).reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  mutating func finds(_ policy: Policy) -> Bool {
    if phrase.isEmpty { return true }
    text.removeAll(keepingCapacity: true)
    text.append(utf8: policy.policy.string)
    text.append(PolicySearch.separator)
    let current = policy.versions.count - 1
    JSONText.append(policy.versions[current].data, to: &text)
    text.append(PolicySearch.separator)
    JSONText.append(policy.versions[current].metadata, to: &text)
    lowercase()
    return phraseOccurs
  }

  /// ASCII in place. Other letters are rare, and few know their rules: those texts are made anew.
  private mutating func lowercase() {
    var others = 0
    var bytes = text.mutableSpan
    // Without a branch, so that many bytes are done at once.
    for index in bytes.indices {
      let byte = bytes[unchecked: index]
      others &+= byte >= 0x80 ? 1 : 0
      bytes[unchecked: index] = byte | (byte &- UInt8(ascii: "A") < 26 ? 0x20 : 0)
    }
    // The separators are no ASCII either.
    guard others > 2 else { return }
    let texts = text.split(separator: PolicySearch.separator, omittingEmptySubsequences: false)
    text = Array(
      texts.map { Array(String(decoding: $0, as: UTF8.self).lowercased().utf8) }
        .joined(separator: [PolicySearch.separator]))
  }

  /// Compares eight bytes at once: by single bytes this took as long as all the rest.
  private var phraseOccurs: Bool {
    let count = text.count
    guard count >= phrase.count else { return false }
    let bytes = text.span.bytes
    let last = count - phrase.count
    var offset = 0
    while offset <= last {
      if word(bytes, at: offset) & headMask == head, isPhrase(bytes, at: offset) { return true }
      offset += 1
    }
    return false
  }

  private func word(_ bytes: RawSpan, at offset: Int) -> UInt64 {
    if offset + 8 <= bytes.byteCount {
      return UInt64(
        littleEndian: bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }
    var word: UInt64 = 0
    for index in stride(from: bytes.byteCount - 1, through: offset, by: -1) {
      word = word << 8 | UInt64(bytes.unsafeLoad(fromByteOffset: index, as: UInt8.self))
    }
    return word
  }

  private func isPhrase(_ bytes: RawSpan, at offset: Int) -> Bool {
    guard phrase.count > 8 else { return true }
    return bytes.extracting(offset..<(offset + phrase.count)).isEqual(to: phrase.span.bytes)
  }
}
