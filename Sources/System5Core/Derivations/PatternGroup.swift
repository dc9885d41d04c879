import HashTreeCollections

/// The adaptations of one domain that work well in contexts of one signature.
struct PatternGroup: Sendable {
  let domain: Text
  /// Their rows.
  var members = RowSet()

  init(domain: Text) { self.domain = domain }
}

/// The groups of a system, kept as adaptations come, are judged and go, with what the next
/// extraction has to look at: nothing else is visited, so an extraction after no change is free.
struct PatternGroups: Sendable {
  private(set) var all = TreeDictionary<PatternKey, PatternGroup>()
  /// The groups whose pattern is not published, by their number of members.
  private var unpublished = TreeDictionary<Int, TreeSet<PatternKey>>()
  /// The groups whose pattern is published and may no longer be what it was.
  private var changed = TreeSet<PatternKey>()

  init() {}

  subscript(key: PatternKey) -> PatternGroup? { all[key] }

  mutating func join(_ adaptation: Adaptation, isPublished: Bool) {
    update(adaptation, isPublished: isPublished) { $0.insert($1) }
  }

  mutating func leave(_ adaptation: Adaptation, isPublished: Bool) {
    update(adaptation, isPublished: isPublished) { $0.remove($1) }
  }

  /// Has the next extraction look at a published pattern.
  mutating func touch(_ key: PatternKey) { changed.insert(key) }

  /// Brings back that a pattern is published, also one whose last member has left.
  mutating func restore(_ key: PatternKey, domain: Text) {
    if all[key] == nil { all[key] = PatternGroup(domain: domain) }
    changed.insert(key)
  }

  /// Has an adaptation of a checkpoint join its group, before ``listUnpublished(besides:)``.
  mutating func bringBack(_ adaptation: Adaptation) {
    guard let row = adaptation.row.number.map(Int.init) else { return }
    all.updateValue(
      forKey: adaptation.group, default: PatternGroup(domain: adaptation.domain)
    ) { $0.members.insert(row) }
  }

  /// Lists what has been brought back once all of it is there: to list a group anew for each of its
  /// members took as long as all else about it.
  mutating func listUnpublished(besides isPublished: (PatternKey) -> Bool) {
    for (key, group) in all where !isPublished(key) {
      list(key, count: group.members.count, isListed: true)
    }
  }

  /// Notes that a group's pattern is published as it stands.
  ///
  /// - Parameter isLasting: false for a group so small that the next periodic extraction retires
  ///   its pattern even if nothing changes.
  mutating func published(_ key: PatternKey, isLasting: Bool) {
    list(key, count: all[key]?.members.count ?? 0, isListed: false)
    if isLasting { changed.remove(key) } else { changed.insert(key) }
  }

  /// Notes that a group's pattern is no longer published.
  mutating func retired(_ key: PatternKey) {
    changed.remove(key)
    let count = all[key]?.members.count ?? 0
    if count == 0 { all.removeValue(forKey: key) } else { list(key, count: count, isListed: true) }
  }

  /// The groups that an extraction may publish, revise or retire, in order of domain, then id.
  func candidates(minOccurrences: Int) -> [PatternKey] {
    var found: [(domain: Text, key: PatternKey)] = []
    func add(_ keys: TreeSet<PatternKey>) {
      for key in keys { found.append((all[key]?.domain ?? "", key)) }
    }
    add(changed)
    for (count, keys) in unpublished where count >= minOccurrences { add(keys) }
    found.sort { ($0.domain, $0.key) < ($1.domain, $1.key) }
    return found.map(\.key)
  }

  /// What the lists of groups take up.
  var indexBytes: Int {
    unpublished.values.reduce(Footprint.tree(unpublished) + Footprint.tree(changed)) {
      $0 + Footprint.tree($1)
    }
  }

  private mutating func update(
    _ adaptation: Adaptation, isPublished: Bool, by change: (inout RowSet, Int) -> Void
  ) {
    guard let row = adaptation.row.number.map(Int.init) else { return }
    let key = adaptation.group
    let (before, after) = all.updateValue(
      forKey: key, default: PatternGroup(domain: adaptation.domain)
    ) { group in
      let before = group.members.count
      change(&group.members, row)
      return (before, group.members.count)
    }
    if isPublished {
      changed.insert(key)
    } else {
      list(key, count: before, isListed: false)
      list(key, count: after, isListed: true)
    }
    if after == 0, !isPublished { all.removeValue(forKey: key) }
  }

  private mutating func list(_ key: PatternKey, count: Int, isListed: Bool) {
    guard count > 0 else { return }
    var keys = unpublished.removeValue(forKey: count) ?? TreeSet()
    if isListed { keys.insert(key) } else { keys.remove(key) }
    if !keys.isEmpty { unpublished[count] = keys }
  }
}
