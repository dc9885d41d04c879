import Foundation
import Kafka
import System5Testing
import Testing

/// Checkpoints on a real broker: written, gone on from, damaged, carried elsewhere.
///
/// The local broker cannot delete records before an offset, so what becomes of a group whose log is
/// cut off is tested where it is decided, in `StartPlanTests`.
@Suite(.serialized, .enabled(if: Program.brokers != nil, "needs SYSTEM5_TEST_BROKERS"))
struct CheckpointIntegrationTests {
  private func lines(_ count: Int, seed: UInt64, malformedPercent: Int = 2) -> [String] {
    var generator = EventGenerator(seed: seed, systems: 24)
    generator.malformedPercent = malformedPercent
    return (0..<count).map { _ in generator.next() }
  }

  /// Has a worker take some more records on top of what there is.
  private func goOn(
    _ deployment: Deployment, seed: UInt64, _ extra: [String] = []
  ) throws -> RunningWorker {
    try deployment.emit(lines(600, seed: seed))
    let inputs = try deployment.records(of: Deployment.inputs)
    let worker = try deployment.startWorker(extra)
    try deployment.waitUntilCommitted(inputs)
    #expect(try worker.stop() == 0, "\(deployment.log)")
    try deployment.expectResultsEqualDerived(inputs)
    return worker
  }

  @Test func aSecondWorkerGoesOnFromTheCheckpoints() throws {
    let deployment = try Deployment()
    try deployment.shelve(lines(3000, seed: 31))
    let shards = try deployment.shelvedShards()
    #expect(shards.count > 6)
    let worker = try goOn(deployment, seed: 32)
    for shard in shards {
      let assigned = try #require(worker.log(of: shard.partition, "Partition assigned").first)
      #expect(assigned.contains("from a checkpoint"))
      #expect(assigned.contains(" offset=\(try #require(shard.newer.position)) "))
    }
    #expect(!worker.log.contains("A checkpoint is not used"))
  }

  @Test func damagedCheckpointsFallBackToTheOtherAndThenToTheLog() throws {
    let deployment = try Deployment()
    try deployment.shelve(lines(3000, seed: 33))
    let shards = try deployment.shelvedShards()
    try #require(shards.count > 4)
    let (truncated, flipped, twice, missing) = (shards[0], shards[1], shards[2], shards[3])
    try deployment.overwrite(truncated.newer, "0", nil)
    try deployment.flipOneBit(of: flipped.newer)
    try deployment.flipOneBit(of: twice.newer)
    try deployment.flipOneBit(of: twice.older)
    try deployment.overwrite(missing.newer, "manifest", nil)
    try deployment.overwrite(missing.older, "manifest", nil)
    let states = Dictionary(grouping: try deployment.checkpoints(), by: \.shard)
      .mapValues { $0.map(\.state).sorted() }
    #expect(states[truncated.partition] == ["broken", "used"])
    #expect(states[flipped.partition] == ["broken", "used"])
    #expect(states[twice.partition] == ["broken", "broken"])
    #expect(states[missing.partition] == ["unfinished", "unfinished"])

    let worker = try goOn(deployment, seed: 34)
    func assigned(_ shard: ShelvedShard) throws -> String {
      try #require(worker.log(of: shard.partition, "Partition assigned").first)
    }
    func rejections(_ shard: ShelvedShard) -> [String] {
      worker.log(of: shard.partition, "A checkpoint is not used")
    }
    for (shard, reason) in [(truncated, "incomplete"), (flipped, "damaged")] {
      #expect(rejections(shard).count == 1)
      #expect(rejections(shard).first?.contains(reason) ?? false, "\(rejections(shard))")
      #expect(try assigned(shard).contains("from a checkpoint"))
      #expect(try assigned(shard).contains(" offset=\(shard.older.position ?? -1) "))
    }
    #expect(rejections(twice).count == 2)
    #expect(rejections(missing).isEmpty)
    for shard in [twice, missing] {
      #expect(try !assigned(shard).contains("from a checkpoint"))
      #expect(try assigned(shard).contains(" offset=0 "))
      #expect(!worker.log(of: shard.partition, "Restored").isEmpty)
    }
    // What was damaged is written over, not what it fell back to.
    let next = try goOn(deployment, seed: 35, Deployment.eager)
    #expect(next.log(of: truncated.partition, "from a checkpoint").count == 1)
    #expect(next.log(of: truncated.partition, "A checkpoint is not used").count == 1)
  }

  @Test func aCheckpointOfALaterProgramStopsTheWorker() throws {
    let deployment = try Deployment()
    try deployment.shelve(lines(1500, seed: 36))
    let shard = try #require(try deployment.shelvedShards().first)
    let manifest = String(
      decoding: try deployment.content(of: shard.newer, "manifest"), as: UTF8.self)
    let later = manifest.replacingOccurrences(
      of: #""system5_checkpoint":1"#, with: #""system5_checkpoint":2"#)
    try #require(later != manifest)
    try deployment.overwrite(shard.newer, "manifest", Array(later.utf8))
    let stopped = try deployment.startWorker()
    #expect(try stopped.exitStatus() == 78, "\(deployment.log)")
    #expect(
      stopped.log.contains(
        "A checkpoint of \(shard.partition.topic), partition \(shard.partition.partition) has the "
          + "format version 2, of a later System5"))
    let worker = try goOn(deployment, seed: 37, ["--from-beginning"])
    #expect(!worker.log(of: shard.partition, "from a checkpoint").isEmpty)
  }

  @Test func anOffsetThatMovedBackwardsStopsTheWorker() throws {
    let deployment = try Deployment()
    try deployment.shelve(lines(1500, seed: 38))
    let shard = try #require(try deployment.shelvedShards().first)
    let position = try #require(shard.older.position)
    try deployment.setOffset(of: shard.partition, to: position - 1)
    // For as long as a transaction may take, its commit may still be on its way.
    let stopped = try deployment.startWorker(["--set", "transaction.timeout.ms=1000"])
    #expect(try stopped.exitStatus() == 78, "\(deployment.log)")
    #expect(
      stopped.log.contains(
        "The group's offset of \(shard.partition.topic), partition \(shard.partition.partition) "
          + "moved backwards: it is \(position - 1), and a checkpoint was made at"))
    let worker = try goOn(deployment, seed: 39, ["--from-beginning"])
    #expect(!worker.log(of: shard.partition, "Restored").isEmpty)
  }

  @Test func aWorkerGoesOnElsewhereFromWhatWasExported() throws {
    let source = try Deployment()
    // A record without a key lies in any partition, and both must hold the same.
    let all = lines(3600, seed: 40, malformedPercent: 0)
    try source.shelve(Array(all[..<3000]))
    let file = source.folder.path("checkpoints.s5")
    let exported = try source.tool(["checkpoint", "export", "--output", file])
    #expect(exported.status == 0, "\(exported.errors)")
    let again = try source.tool(["checkpoint", "export", "--output", "-"])
    #expect(try again.output == source.folder.read("checkpoints.s5"))
    let positions = Dictionary(
      uniqueKeysWithValues: try source.checkpoints().filter { $0.state == "used" }.map {
        (String($0.shard.description.dropFirst(source.prefix.count)), $0.position ?? 0)
      })

    let target = try Deployment()
    try target.emit(all)
    let inputs = try target.records(of: Deployment.inputs)
    let places = Set(inputs.map { target.place(of: $0) })
    try #require(
      try source.records(of: Deployment.inputs).allSatisfy {
        places.contains(source.place(of: $0))
      })
    let refused = try target.tool(["checkpoint", "import", file])
    #expect(refused.status == 78)
    #expect(refused.errors.contains("--set-offsets"))
    let dry = try target.tool(["checkpoint", "import", file, "--set-offsets", "--dry-run"])
    #expect(dry.status == 0, "\(dry.errors)")
    #expect(try target.checkpoints().allSatisfy { $0.state == "none" })
    #expect(try target.committedRecords(of: inputs) == 0)
    let done = try target.tool(["checkpoint", "import", file, "--set-offsets"])
    #expect(done.status == 0, "\(done.errors)")
    #expect(done.lines.count == positions.count)
    #expect(try target.checkpoints().filter { $0.state == "used" }.count == done.lines.count)

    let worker = try target.startWorker()
    try target.waitUntilCommitted(inputs)
    let busy = try target.tool(["checkpoint", "import", file])
    #expect(busy.status == 75, "\(busy.errors)")
    #expect(try worker.stop() == 0, "\(target.log)")
    #expect(worker.log.contains("from a checkpoint"))
    let derived = try target.derived(from: inputs).filter { result in
      let cause = try #require(result.cause)
      let shard = String(cause.shard.dropFirst(target.prefix.count))
      return cause.offset >= positions[shard] ?? 0
    }
    let published = try target.published(mayRepeat: false)
    #expect(derived.count > 50)
    let (missing, surplus) = (
      Set(derived).subtracting(published), Set(published).subtracting(derived)
    )
    #expect(missing.isEmpty, "missing \(missing.count): \(missing.first?.description ?? "")")
    #expect(surplus.isEmpty, "surplus \(surplus.count): \(surplus.first?.description ?? "")")
    #expect(published.count == derived.count)
  }

  @Test func whatDoesNotFitIsNotImported() throws {
    let source = try Deployment()
    try source.shelve(lines(600, seed: 41))
    let file = source.folder.path("checkpoints.s5")
    #expect(try source.tool(["checkpoint", "export", "--output", file]).status == 0)

    let brokers = try #require(Program.brokers)
    let other = ["--brokers", brokers, "--prefix", "other\(source.prefix)"]
    let applied = try Program.run(["topics", "apply", "--partitions", "3"] + other)
    try #require(applied.status == 0, "\(applied.errors)")
    let misfit = try Program.run(["checkpoint", "import", file, "--set-offsets"] + other)
    #expect(misfit.status == 78)
    #expect(misfit.errors.contains("with 4 partitions, and here it has 3"), "\(misfit.errors)")

    // Nothing lies in the logs here.
    let empty = try Deployment()
    let beyond = try empty.tool(["checkpoint", "import", file, "--set-offsets"])
    #expect(beyond.status == 78)
    #expect(beyond.errors.contains("but the log here ends at 0"), "\(beyond.errors)")

    let rules = try source.folder.write(["{\"redelivery_window\":7}"], to: "rules.json")
    let strange = try source.tool(["checkpoint", "import", file, "--rules-file", rules])
    #expect(strange.status == 78)
    #expect(strange.errors.contains("other rules"), "\(strange.errors)")

    var bytes = try source.folder.read("checkpoints.s5")
    bytes[bytes.count / 2] ^= 1
    let damaged = source.folder.url.appendingPathComponent("damaged.s5")
    try bytes.write(to: damaged)
    let refused = try source.tool(["checkpoint", "import", damaged.path])
    #expect(refused.status == 65)
    #expect(refused.errors.contains("damaged or incomplete"))
    let nothing = try empty.tool(["checkpoint", "export", "--output", damaged.path])
    #expect(nothing.status == 78)
  }
}

extension Deployment {
  /// Where a record lies apart from the prefix, and what it is.
  fileprivate func place(of record: Seen) -> [String] {
    [
      String(record.topicPartition.description.dropFirst(prefix.count)), "\(record.offset)",
      "\(record.timestamp)", String(decoding: record.key ?? [], as: UTF8.self),
      String(decoding: record.value ?? [], as: UTF8.self),
    ]
  }
}

extension Published {
  /// The record that it follows from.
  fileprivate var cause: (shard: String, offset: Int64)? {
    guard let place = id.split(separator: " ").first(where: { $0.contains("@") }),
      let at = place.lastIndex(of: "@"), let dash = place[..<at].lastIndex(of: "-"),
      let offset = Int64(place[place.index(after: at)...].prefix { $0.isNumber })
    else { return nil }
    let partition = place[place.index(after: dash)..<at]
    return ("\(place[..<dash])[\(partition)]", offset)
  }
}
