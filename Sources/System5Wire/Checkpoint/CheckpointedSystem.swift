import System5Core

/// Writes one frame, or a few that belong together.
typealias CheckpointStep = (inout CheckpointWriter) -> Void
/// Begins a run of steps. Called only when its turn comes: sorting keys takes time and memory.
typealias CheckpointSection = () -> AnyIterator<CheckpointStep>

/// What one store knows of one viable system, as frames and back.
protocol CheckpointedSystem: SystemState {
  associatedtype Reader: SystemReader where Reader.System == Self

  /// The system's frames; the first is of the kind ``FrameKind/system`` and begins with the name.
  func sections(named name: Text) -> [CheckpointSection]
}

/// Puts systems together from their frames, one after the other.
protocol SystemReader {
  associatedtype System: SystemState

  init(rules: Rules)

  /// - Parameter header: the frame of the kind ``FrameKind/system``, after its name.
  mutating func begin(_ header: inout FrameCursor) throws(CheckpointError)

  /// Takes a frame of any other kind that belongs to a system.
  mutating func take(
    _ kind: FrameKind, _ frame: inout FrameCursor, order: inout FrameOrder
  ) throws(CheckpointError)

  /// - Parameter frame: the one after the last of the system; for saying where.
  mutating func finish(before frame: FrameCursor) throws(CheckpointError) -> System

  /// How many of what the store counts have been read, of all systems.
  var records: Int64 { get }
}

/// Sees to it that frames stand in the one order there is, so that nothing comes twice and equal
/// states have equal bytes.
struct FrameOrder {
  private var kind: FrameKind?
  private var key: Text?

  /// - Parameter frame: after the key; for saying where.
  mutating func check(
    _ kind: FrameKind, _ key: Text, before frame: FrameCursor
  ) throws(CheckpointError) {
    if let former = self.kind, former.rawValue > kind.rawValue {
      throw frame.malformed("a frame of kind \(kind.rawValue) after one of \(former.rawValue)")
    }
    if let former = self.key, self.kind == kind, !former.precedes(key) {
      throw frame.malformed("a key that is not after the one before")
    }
    self.kind = kind
    self.key = key
  }
}

/// A section of one step.
func one(_ step: @escaping CheckpointStep) -> CheckpointSection {
  { AnyIterator(CollectionOfOne(step).makeIterator()) }
}

/// A section of a step for each entry.
func each<Entries: Sequence, Key: SortableKey, Value>(
  _ entries: @autoclosure @escaping () -> Entries,
  _ write: @escaping (Key, Value, inout CheckpointWriter) -> Void
) -> CheckpointSection where Entries.Element == (key: Key, value: Value) {
  {
    var entries = entries().makeIterator()
    return AnyIterator {
      entries.next().map { entry in { writer in write(entry.key, entry.value, &writer) } }
    }
  }
}

/// Sections one after another.
func chain(_ sections: [CheckpointSection]) -> AnyIterator<CheckpointStep> {
  var rest = sections.makeIterator()
  return chain { rest.next().map { $0() } }
}

/// Runs of steps one after another. A flattened lazy sequence, which is generic to its end, took a
/// seventh of writing.
func chain(
  _ nextRun: @escaping () -> AnyIterator<CheckpointStep>?
) -> AnyIterator<CheckpointStep> {
  var run: AnyIterator<CheckpointStep>?
  return AnyIterator {
    while true {
      if let step = run?.next() { return step }
      run = nextRun()
      if run == nil { return nil }
    }
  }
}
