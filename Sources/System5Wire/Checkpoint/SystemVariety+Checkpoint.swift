import System5Core

extension SystemVariety: CheckpointedSystem {
  func sections(named name: Text) -> [CheckpointSection] {
    [
      one { $0.frame(.system) { $0.header(self, named: name) } },
      each(amplifiers.inOrder) { name, conversion, writer in
        writer.frame(.amplifier) { $0.conversion(conversion, named: name) }
      },
      each(attenuators.inOrder) { name, conversion, writer in
        writer.frame(.attenuator) { $0.conversion(conversion, named: name) }
      },
      { [sources] in
        AnyIterator(
          sources.inOrder.lazy.flatMap { SystemVariety.steps(of: $0.value, named: $0.key) }
            .makeIterator())
      },
      each(alerts.inOrder) { _, alert, writer in writer.frame(.alert) { $0.alert(alert) } },
    ]
  }

  /// The source, then its blocks of points.
  private static func steps(of source: Source, named name: Text) -> [CheckpointStep] {
    let first: CheckpointStep = { $0.frame(.source) { $0.source(source, named: name) } }
    let blocks = source.series.blocks.map { block -> CheckpointStep in
      {
        $0.frame(.block) { $0.block(block.columns) }
        $0.count(records: block.count)
      }
    }
    return [first] + blocks
  }

  struct Reader: SystemReader {
    private var system = SystemVariety()
    private(set) var records: Int64 = 0
    /// The source whose blocks are being read.
    private var open: OpenSource?

    init(rules: Rules) {}

    mutating func begin(_ header: inout FrameCursor) throws(CheckpointError) {
      system = SystemVariety()
      try header.header(of: &system)
    }

    mutating func take(
      _ kind: FrameKind, _ frame: inout FrameCursor, order: inout FrameOrder
    ) throws(CheckpointError) {
      if kind == .block {
        try takeBlock(&frame)
        return
      }
      try closeSource(before: frame)
      let key = try frame.text()
      try order.check(kind, key, before: frame)
      switch kind {
      case .amplifier: system.amplifiers.restore(try frame.conversion(), as: key)
      case .attenuator: system.attenuators.restore(try frame.conversion(), as: key)
      case .source: open = try frame.source(named: key)
      case .alert: system.alerts.restore(try frame.alert(key), as: key)
      default: throw frame.misplaced(kind)
      }
    }

    mutating func finish(before frame: FrameCursor) throws(CheckpointError) -> SystemVariety {
      try closeSource(before: frame)
      guard system.isBalanced else {
        throw frame.malformed("totals that are not those of the sources before")
      }
      return system
    }

    private mutating func takeBlock(_ frame: inout FrameCursor) throws(CheckpointError) {
      guard let missing = open?.missing, missing > 0 else { throw frame.misplaced(.block) }
      let block = try frame.block()
      open?.blocks.append(block)
      records += Int64(block.columns.count)
    }

    private mutating func closeSource(before frame: FrameCursor) throws(CheckpointError) {
      guard let source = open else { return }
      guard source.missing == 0 else { throw frame.malformed("too few blocks of a source") }
      guard let restored = source.restored() else {
        throw frame.malformed("blocks of a source that are not in order, or not its own")
      }
      system.sources.restore(restored, as: source.name)
      open = nil
    }
  }
}

/// A source some of whose blocks have been read.
struct OpenSource {
  let name: Text
  var source: SystemVariety.Source
  let blockCount: Int
  var blocks: [TimeSeries.OpenBlock] = []

  var missing: Int { blockCount - blocks.count }

  /// nil if the blocks do not follow on one another, or are there without a current value, or the
  /// other way round.
  func restored() -> SystemVariety.Source? {
    guard (source.current != nil) == !blocks.isEmpty, let series = TimeSeries(restoring: blocks)
    else { return nil }
    var restored = source
    restored.series = series
    return restored
  }
}
