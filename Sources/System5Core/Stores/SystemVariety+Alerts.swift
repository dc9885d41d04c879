import HashTreeCollections

/// What is behind alerts, for those who ask why one fired.
extension SystemVariety {
  /// The latest episode of an alert; nil if it never fired.
  public func alert(_ id: Text) -> Alert? { alerts[id] }

  /// A threshold and how its source stands to it.
  public struct Watching: Hashable, Sendable {
    public let threshold: Threshold
    /// Time of the first measurement of the violation that is going on; nil while there is none.
    public let violatingSince: Timestamp?
    public let isFiring: Bool
  }

  /// How a source stands to its threshold of one direction; nil where there is none.
  public func watching(_ source: Text, _ direction: Direction) -> Watching? {
    sources[source]?[direction].map {
      Watching(
        threshold: $0.rule, violatingSince: $0.violatingSince, isFiring: $0.isFiring)
    }
  }
}

extension Alert {
  /// The id of an alert of one kind about one source: the fingerprint of what it is about.
  public static func id(
    of system: Text, kind: Kind, source: Text?, direction: Direction?
  ) -> Text {
    Fingerprint.id(
      of: system, Text(kind.rawValue), source ?? "", Text(direction?.rawValue ?? ""))
  }
}
