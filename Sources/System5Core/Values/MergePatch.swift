/// Changing objects by other objects.
extension JSONObject {
  /// This object changed by a JSON Merge Patch (RFC 7396): a member of the patch replaces the one
  /// of its name, null removes it, and objects within are merged the same way.
  public func merging(patch: JSONObject) -> JSONObject {
    combined(with: patch) { $0.merging(patch: $1) }
  }

  /// This object with the members of another put in the place of those of the same name. Nothing
  /// within them is merged, and null is a value like any other.
  public func replacing(with other: JSONObject) -> JSONObject {
    combined(with: other) { $1 }
  }

  /// Walks both objects in order of name. `combine` gets the value here, null where there is none,
  /// and the other one, and returns what to keep; nil drops the member.
  private func combined(
    with other: JSONObject, combine: (JSONValue, JSONValue) -> JSONValue?
  ) -> JSONObject {
    var result: [Member] = []
    result.reserveCapacity(members.count)
    var rest = members[...]
    for theirs in other.members {
      while let ours = rest.first, ours.name < theirs.name {
        result.append(ours)
        rest.removeFirst()
      }
      var value = JSONValue.null
      if let ours = rest.first, ours.name == theirs.name {
        value = ours.value
        rest.removeFirst()
      }
      if let combined = combine(value, theirs.value) {
        result.append(Member(name: theirs.name, value: combined))
      }
    }
    return JSONObject(result + rest)
  }
}

extension JSONValue {
  /// `MergePatch` of RFC 7396, section 2, for the value of a member; nil removes the member.
  fileprivate func merging(patch: JSONValue) -> JSONValue? {
    switch (self, patch) {
    case (_, .null): nil
    case (.object(let target), .object(let patch)): .object(target.merging(patch: patch))
    case (_, .object(let patch)): .object(JSONObject().merging(patch: patch))
    default: patch
    }
  }
}
