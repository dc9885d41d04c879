import System5Core
import System5Wire

/// Two derivations of one shard side by side. Pure.
///
/// What both say in turn is only counted, so that no more is kept than there are differences.
struct ShardDiff {
  private struct Account {
    var shared = 0
    var before: [DiffFacet] = []
    var after: [DiffFacet] = []
    let first: Position
    var cause: Position?

    mutating func settle() {
      while let left = before.first, let right = after.first, left == right, cause == nil {
        before.removeFirst()
        after.removeFirst()
        shared += 1
      }
    }
  }

  private var accounts: [DiffSubject: Account] = [:]
  private let parser = JSONParser()

  /// Takes what follows from one record by the one rules and by the other.
  mutating func add(_ before: [ResultRecord], _ after: [ResultRecord], at position: Position) {
    var touched: Set<DiffSubject> = []
    for (subject, facet) in facets(of: before, at: position) {
      accounts[subject, default: Account(first: position)].before.append(facet)
      touched.insert(subject)
    }
    for (subject, facet) in facets(of: after, at: position) {
      accounts[subject, default: Account(first: position)].after.append(facet)
      touched.insert(subject)
    }
    for subject in touched { settle(subject, at: position) }
  }

  private mutating func settle(_ subject: DiffSubject, at position: Position) {
    guard var account = accounts.removeValue(forKey: subject) else { return }
    account.settle()
    if account.before != account.after { account.cause = account.cause ?? position }
    let isLasting = subject.kind == .alert || subject.kind == .pattern
    if isLasting || account.cause != nil { accounts[subject] = account }
  }

  private func facets(
    of results: [ResultRecord], at position: Position
  ) -> [(subject: DiffSubject, facet: DiffFacet)] {
    results.compactMap { DiffFacet.of($0, at: position, parser: parser) }
  }

  /// In order of the records at which the two part.
  var differences: [Difference] {
    accounts.compactMap { subject, account in
      guard account.before != account.after else { return nil }
      return difference(subject, account)
    }.sorted {
      ($0.cause, $0.subject.kind.rawValue, $0.subject.name)
        < ($1.cause, $1.subject.kind.rawValue, $1.subject.name)
    }
  }

  private func difference(_ subject: DiffSubject, _ account: Account) -> Difference {
    let isShared = account.shared > 0
    let change: Difference.Change =
      if !isShared, account.before.isEmpty { .new } else if !isShared, account.after.isEmpty {
        .gone
      } else { .changed }
    let same = zip(account.before, account.after).prefix { $0 == $1 }.count
    let before = account.before.dropFirst(same)
    let after = account.after.dropFirst(same)
    return Difference(
      subject: subject, change: change, cause: account.cause ?? account.first,
      before: before.first, after: after.first, more: max(before.count, after.count) - 1)
  }
}
