import System5Core

/// What a variety store's frames hold.
extension CheckpointWriter {
  mutating func header(_ system: SystemVariety, named name: Text) {
    text(name)
    optional(system.streamTime)
    let balance = system.balance
    list(balance.environment.partials) { $1.number($0) }
    list(balance.system.partials) { $1.number($0) }
    bool(balance.environmentMeasured)
    bool(balance.systemMeasured)
    optional(balance.isMet) { $1.bool($0) }
    optional(balance.published) { published, writer in
      writer.number(published.environment)
      writer.number(published.system)
      writer.time(published.at)
    }
    list(system.criticalSourcesInOrder) { $1.text($0) }
  }

  mutating func conversion(_ conversion: Conversion, named name: Text) {
    text(name)
    number(conversion.inputVariety)
    number(conversion.outputVariety)
    time(conversion.time)
  }

  mutating func source(_ source: SystemVariety.Source, named name: Text) {
    text(name)
    code(source.role)
    optional(source.current) { $1.point($0) }
    optional(source.above) { $1.watch($0) }
    optional(source.below) { $1.watch($0) }
    length(source.series.blockCount)
  }

  private mutating func point(_ point: TimeSeries.Point) {
    time(point.time)
    number(point.variety)
    number(point.capacity)
    object(point.metadata)
  }

  private mutating func watch(_ watch: Watch) {
    number(watch.rule.threshold)
    optional(watch.rule.recovery)
    number(watch.rule.forSeconds)
    optional(watch.violatingSince)
    bool(watch.isFiring)
  }

  /// Column by column.
  mutating func block(_ columns: TimeSeries.Columns) {
    length(columns.count)
    bool(!columns.capacities.isEmpty)
    bool(!columns.metadata.isEmpty)
    for value in columns.times { time(value) }
    for value in columns.varieties { number(value) }
    for value in columns.capacities { number(value) }
    for value in columns.metadata { object(value) }
  }

  mutating func alert(_ alert: Alert) {
    text(alert.alert)
    code(alert.kind)
    optional(alert.source) { $1.text($0) }
    optional(alert.direction) { $1.code($0) }
    number(alert.value)
    optional(alert.threshold)
    time(alert.startsAt)
    optional(alert.endsAt)
    integer(alert.episode)
    string(alert.summary)
  }
}

extension FrameCursor {
  mutating func header(of system: inout SystemVariety) throws(CheckpointError) {
    system.streamTime = try optionalTime()
    system.balance = Balance(
      environment: try sum(), system: try sum(), environmentMeasured: try bool(),
      systemMeasured: try bool(),
      isMet: try optional { (cursor) throws(CheckpointError) in try cursor.bool() },
      published: try optional { (cursor) throws(CheckpointError) in
        .init(
          environment: try cursor.number(), system: try cursor.number(), at: try cursor.time())
      })
    var order = FrameOrder()
    for source in try texts() {
      try order.check(.source, source, before: self)
      system.restoreCritical(source)
    }
  }

  private mutating func sum() throws(CheckpointError) -> ExactSum {
    let partials = try list { (cursor) throws(CheckpointError) in try cursor.number() }
    guard let sum = ExactSum(partials: partials) else { throw malformed("an impossible total") }
    return sum
  }

  mutating func conversion() throws(CheckpointError) -> Conversion {
    Conversion(inputVariety: try number(), outputVariety: try number(), time: try time())
  }

  mutating func source(named name: Text) throws(CheckpointError) -> OpenSource {
    var source = SystemVariety.Source(role: try code())
    source.current = try optional { (cursor) throws(CheckpointError) in try cursor.point() }
    source.above = try optional { (cursor) throws(CheckpointError) in try cursor.watch(.above) }
    source.below = try optional { (cursor) throws(CheckpointError) in try cursor.watch(.below) }
    return OpenSource(name: name, source: source, blockCount: try length())
  }

  private mutating func point() throws(CheckpointError) -> TimeSeries.Point {
    TimeSeries.Point(
      time: try time(), variety: try number(), capacity: try number(), metadata: try sharedObject())
  }

  private mutating func watch(_ direction: Direction) throws(CheckpointError) -> Watch {
    let threshold = try number()
    let recovery = try optionalNumber()
    let forSeconds = try number()
    let since = try optionalTime()
    let isFiring = try bool()
    guard since != nil || !isFiring else { throw malformed("an alert that fires since never") }
    return Watch(
      rule: Threshold(
        threshold: threshold, direction: direction, recovery: recovery, forSeconds: forSeconds),
      violatingSince: since, isFiring: isFiring)
  }

  mutating func block() throws(CheckpointError) -> TimeSeries.OpenBlock {
    let count = try length()
    let hasCapacities = try bool()
    let hasMetadata = try bool()
    let times = try column(count) { Timestamp(microseconds: Int64(bitPattern: $0)) }
    let varieties = try numbers(count)
    let capacities = hasCapacities ? try numbers(count) : []
    var metadata: [JSONObject] = []
    if hasMetadata { for _ in 0..<count { metadata.append(try sharedObject()) } }
    guard
      hasCapacities == !capacities.isEmpty,
      let block = TimeSeries.OpenBlock(
        times: times, varieties: varieties, capacities: capacities, metadata: metadata)
    else { throw malformed("an impossible block of points") }
    return block
  }

  private mutating func numbers(_ count: Int) throws(CheckpointError) -> [Double] {
    let numbers = try column(count) { Double(bitPattern: $0) }
    guard numbers.allSatisfy(\.isFinite) else { throw malformed("a number that is not finite") }
    return numbers
  }

  mutating func alert(_ id: Text) throws(CheckpointError) -> Alert {
    let alert = Alert(
      alert: id, kind: try code(),
      source: try optional { (cursor) throws(CheckpointError) in try cursor.text() },
      direction: try optional { (cursor) throws(CheckpointError) in try cursor.code() },
      value: try number(), threshold: try optionalNumber(), startsAt: try time(),
      endsAt: try optionalTime(), episode: try integer(), summary: try text().string)
    guard Ordinal.plausible.contains(alert.episode) else {
      throw malformed("an impossible episode")
    }
    return alert
  }

  mutating func optionalTime() throws(CheckpointError) -> Timestamp? {
    try optional { (cursor) throws(CheckpointError) in try cursor.time() }
  }

  mutating func optionalNumber() throws(CheckpointError) -> Double? {
    try optional { (cursor) throws(CheckpointError) in try cursor.number() }
  }
}
