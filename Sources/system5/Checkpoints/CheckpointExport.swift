import ArgumentParser
import Foundation
import Kafka
import System5Core
import System5Wire
import System5Worker

struct CheckpointExport: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Put the newest intact checkpoint of every shard of the group into one file.",
    discussion: """
      The file says whose checkpoints these are and ends with a checksum; `system5 checkpoint \
      import` takes it. A shard without an intact checkpoint is left out, and this is said. \
      Workers may go on meanwhile.
      """)

  @OptionGroup var settings: SettingsOptions
  @OptionGroup(title: "Which shards") var shards: InputOptions

  @Option(help: ArgumentHelp("Where to; - is standard output.", valueName: "file"))
  var output: String

  func run() throws {
    let settings = try settings.load()
    let inputs = try CheckpointInputs(settings, shards.choice)
    defer { try? inputs.close() }
    // The header comes first and names what is read only after it; so the chunks wait.
    var spool = try Spool()
    let found = try collect(inputs, settings, into: &spool)
    guard !found.isEmpty else {
      throw CommandFailure(
        .configuration, "group \(settings.string("group")) has no intact checkpoint to export")
    }
    let header = CheckpointFileHeader(
      prefix: settings.string("prefix"), group: settings.string("group"),
      cluster: inputs.log.clusterID, shards: found)
    try write(header, try spool.finish())
    let noun = found.count == 1 ? "checkpoint" : "checkpoints"
    let bytes = found.reduce(0) { $0 + $1.manifest.byteCount }
    Terminal.say("\(found.count) \(noun), \(bytes) bytes")
  }

  private func collect(
    _ inputs: CheckpointInputs, _ settings: Settings, into spool: inout Spool
  ) throws -> [CheckpointFileHeader.Shard] {
    let rules = try settings.rules()
    var found: [CheckpointFileHeader.Shard] = []
    for input in inputs.chosen {
      let shelf = try inputs.log.shelf(of: input, group: settings.string("group"))
      let places = shelf.inspect(input.input, rules: rules)
      guard let manifest = places.compactMap(\.intact).last else {
        let partition = input.partition
        Terminal.say(
          "left out: \(partition.topic), partition \(partition.partition) has no intact checkpoint")
        continue
      }
      for chunk in shelf.chunks(at: manifest.position).prefix(Int(manifest.chunkCount)) {
        try spool.append(CheckpointFileWriter.frame(chunk))
      }
      found.append(
        CheckpointFileHeader.Shard(
          manifest: manifest, partition: input.partition.partition,
          partitionCount: inputs.partitionCount(of: input.input)))
    }
    return found
  }

  private func write(_ header: CheckpointFileHeader, _ chunks: FileSource) throws {
    if output == "-" { return try Self.write(header, chunks, to: STDOUT_FILENO) }
    // Nobody must take a file that is not whole for one that is.
    let partial = output + ".partial"
    let descriptor = open(partial, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw CommandFailure(.usage, "cannot write \(partial): \(String(cString: strerror(errno)))")
    }
    do {
      defer { close(descriptor) }
      try Self.write(header, chunks, to: descriptor)
      guard fsync(descriptor) == 0 else { throw Self.fault("write", partial) }
    } catch {
      unlink(partial)
      throw error
    }
    guard rename(partial, output) == 0 else { throw Self.fault("write", output) }
  }

  private static func write(
    _ header: CheckpointFileHeader, _ chunks: FileSource, to descriptor: Int32
  ) throws {
    let buffer = SharedBuffer(descriptor: descriptor)
    var writer = CheckpointFileWriter { try buffer.output.append($0) }
    try writer.write(header)
    try chunks.eachBlock(of: 0..<chunks.count) { try writer.write(raw: $0) }
    try writer.finish()
    try buffer.output.flush()
  }

  private static func fault(_ doing: String, _ path: String) -> CommandFailure {
    CommandFailure(.fault, "cannot \(doing) \(path): \(String(cString: strerror(errno)))")
  }
}

/// A buffer that a closure can write to.
private final class SharedBuffer {
  var output: OutputBuffer

  init(descriptor: Int32) { output = OutputBuffer(descriptor: descriptor) }
}
