import System5Core
import System5Wire

/// Checkpoints whose hash is right and whose content may be anything: refused, or a state whose
/// checkpoint is that content and which bears whatever is applied to it.
final class CheckpointCheck {
  private let records: RecordCheck

  init(_ records: RecordCheck) { self.records = records }

  func check(_ content: CheckpointContent) throws(FuzzFailure) -> String {
    let state: any PartitionState
    let position: Int64
    do throws(CheckpointError) {
      let manifest = try CheckpointManifest.parse(content.manifest.bytes)
      position = manifest.position
      // Others are taken, and their checkpoint says other rules.
      guard manifest.wasMade(under: BaseStates.rules) else { return "!rules" }
      state = try CheckpointCheck.decoded(content, manifest)
    } catch {
      return "!" + error.description.shape
    }
    let again = try CheckpointCheck.content(of: state, position: position)
    try expect(again.content == content.content, "a state with another checkpoint than its own")
    let lines = records.base.following.filter { $0.topic == "system5." + content.input.suffix }
    let sequence = RecordSequence(content.input, lines.prefix(8).map(FuzzRecord.init))
    return try "+" + records.check(sequence, from: state)
  }

  func checkManifest(_ line: [UInt8]) throws(FuzzFailure) -> String {
    let manifest: CheckpointManifest
    do throws(CheckpointError) {
      manifest = try CheckpointManifest.parse(line)
    } catch {
      return "!" + error.description.shape
    }
    let again = try? CheckpointManifest.parse(manifest.line)
    try expect(again == manifest, "a manifest that reads otherwise")
    return "+\(manifest.input)"
  }

  private static func decoded(
    _ content: CheckpointContent, _ manifest: CheckpointManifest
  ) throws(CheckpointError) -> any PartitionState {
    var decoder = try CheckpointDecoder(manifest, input: content.input)
    try decoder.add(content.content)
    return try decoder.finish(rules: BaseStates.rules)
  }

  static func content(
    of state: any PartitionState, position: Int64
  ) throws(FuzzFailure) -> CheckpointContent {
    do throws(CheckpointError) {
      var encoder = try CheckpointEncoder(state, position: position, chunkBytes: .max)
      var content: [UInt8] = []
      while let chunk = encoder.nextChunk() { content += chunk }
      return CheckpointContent(state.input, content)
    } catch {
      throw FuzzFailure("a state without a checkpoint: \(error)")
    }
  }

  static func restored(_ content: CheckpointContent) throws(FuzzFailure) -> any PartitionState {
    do throws(CheckpointError) {
      return try decoded(content, try CheckpointManifest.parse(content.manifest.bytes))
    } catch {
      throw FuzzFailure("a checkpoint of our own is refused: \(error)")
    }
  }
}
