import HashTreeCollections
import Testing

@testable import System5Core

/// Searching, against a look for the phrase in each text by itself.
@Suite struct PolicySearchTests {
  private static let system: Text = "acme"

  @Test(arguments: 0..<6)
  func findsWhatAPlainSearchFinds(seed: UInt64) throws {
    var draw = AdaptationShuffler(state: seed)
    var store = PolicyStore()
    for step in 0..<600 {
      change(&store, by: &draw, at: Timestamp(seconds: Int64(step)))
      if step % 60 == 59 {
        for phrase in phrases(of: store, by: &draw) { expectPlain(store, phrase) }
      }
    }
  }

  @Test func phrasesOfAnyLengthAreFoundAnywhere() throws {
    var store = PolicyStore()
    let text = "{\"k\":\"\(String(repeating: "aB", count: 9))c\"}"
    try store.storePolicy(
      "p", data: ["k": .string(Text(String(repeating: "aB", count: 9) + "c"))],
      system: Self.system, at: Timestamp(seconds: 0))
    for start in 0..<text.count {
      for end in start..<text.count {
        let phrase = Text(String(text.dropFirst(start).prefix(end - start + 1)))
        #expect(store.searchPolicies(phrase, system: Self.system).count == 1)
        #expect(store.searchPolicies(Text(phrase.string + "~"), system: Self.system).isEmpty)
      }
    }
    // Not across the end of one text into the next.
    #expect(store.searchPolicies("p{", system: Self.system).isEmpty)
    #expect(store.searchPolicies("}{", system: Self.system).isEmpty)
  }

  private func expectPlain(_ store: PolicyStore, _ phrase: Text) {
    let policies = store.systems[Self.system]?.policies
    let plain = (policies.map { Array($0.values) } ?? [])
      .filter { policy in
        policy.isActive
          && [
            policy.policy.string, policy.data.canonicalText, policy.metadata.canonicalText,
          ].contains { occurs(phrase, in: $0) }
      }
      .map(\.policy).sorted()
    #expect(store.searchPolicies(phrase, system: Self.system).map(\.policy) == plain)
  }

  private func occurs(_ phrase: Text, in text: String) -> Bool {
    let (bytes, wanted) = (Array(text.lowercased().utf8), Array(phrase.string.lowercased().utf8))
    return bytes.count >= wanted.count
      && (0...(bytes.count - wanted.count)).contains { bytes[$0...].starts(with: wanted) }
  }

  /// Pieces of what is there, in another case, and what is nowhere.
  private func phrases(of store: PolicyStore, by draw: inout AdaptationShuffler) -> [Text] {
    let texts = (store.systems[Self.system]?.policies.values).map { policies in
      policies.flatMap { [$0.policy.string, $0.data.canonicalText, $0.metadata.canonicalText] }
        .sorted()
    }
    var phrases: [Text] = ["", "nowhere at all", "\u{0}"]
    for text in (texts ?? []).shuffled(using: &draw).prefix(12) {
      let piece = String(text.shuffledPiece(by: &draw))
      phrases.append(Text(Bool.random(using: &draw) ? piece.uppercased() : piece))
    }
    return phrases
  }

  private func change(
    _ store: inout PolicyStore, by draw: inout AdaptationShuffler, at time: Timestamp
  ) {
    let id = Text("Policy-\(Int.random(in: 0..<60, using: &draw))")
    let system = Self.system
    switch Int.random(in: 0..<9, using: &draw) {
    case 0: _ = try? store.deletePolicy(id, system: system, at: time)
    case 1: _ = try? store.restorePolicy(id, system: system, at: time)
    case 2: _ = try? store.rollBackPolicy(id, toVersion: 1, system: system, at: time)
    case 3...5:
      _ = try? store.updatePolicy(
        id, data: object(by: &draw), metadata: object(by: &draw), system: system, at: time)
    default:
      _ = try? store.storePolicy(
        id, data: object(by: &draw), metadata: object(by: &draw), system: system, at: time)
    }
  }

  private func object(by draw: inout AdaptationShuffler) -> JSONObject {
    let texts = [
      "Zeile 1\nZeile 2", "\"quoted\" \\ back", "ÄÖÜ größer", "İstanbul", "ΟΔΟΣ", "cafe\u{301}",
      "Team-42", "\u{1}\u{1F}", "🚀 Ⅷ", "resource_Allocation", "", "null",
    ]
    return JSONObject(
      (0..<Int.random(in: 0..<4, using: &draw)).map { _ in
        let text = texts[Int.random(in: 0..<texts.count, using: &draw)]
        let values: [JSONValue] = [
          .string(Text(text)), [.string(Text(text)), nil, true], ["In": .string(Text(text))],
          .number(JSONNumber(checked: "1E5")),
        ]
        return JSONObject.Member(
          name: Text("k\(texts.count)" + text),
          value: values[Int.random(in: 0..<values.count, using: &draw)])
      })
  }
}

extension String {
  fileprivate func shuffledPiece(by draw: inout AdaptationShuffler) -> Substring {
    guard !isEmpty else { return self[...] }
    let start = Int.random(in: 0..<count, using: &draw)
    return dropFirst(start).prefix(Int.random(in: 1...14, using: &draw))
  }
}
