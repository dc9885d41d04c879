import ArgumentParser
import System5Fuzzing

#if SYSTEM5_LIBFUZZER
  import Foundation
  import Glibc
  import System5Testing

  // From libFuzzer, which `-sanitize=fuzzer` links; its main is not used, as this program has one.
  @_silgen_name("LLVMFuzzerRunDriver")
  private func runDriver(
    _ count: UnsafeMutablePointer<Int32>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
    _ body: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
  ) -> Int32

  @_silgen_name("LLVMFuzzerMutate")
  private func mutateBlindly(
    _ bytes: UnsafeMutablePointer<UInt8>, _ count: Int, _ limit: Int
  ) -> Int

  // libFuzzer calls on one thread.
  nonisolated(unsafe) private let check = FuzzCheck()
  nonisolated(unsafe) private var pieces: [FuzzTarget: [FuzzInput]] = [:]

  /// Half of the time as libFuzzer would, else with knowledge of the format.
  @_cdecl("LLVMFuzzerCustomMutator")
  public func customMutator(
    _ bytes: UnsafeMutablePointer<UInt8>, _ count: Int, _ limit: Int, _ seed: UInt32
  ) -> Int {
    var random = SplitMix64(seed: UInt64(seed))
    if count == 0 || random.next() % 2 == 0 { return mutateBlindly(bytes, count, limit) }
    let input = FuzzInput(bytes: UnsafeBufferPointer(start: bytes, count: count))
    let others = pieces[input.target] ?? [input]
    let other = others[Int(random.next() % UInt64(others.count))]
    let mutated = Mutator.mutate(input, with: other, using: &random).bytes.prefix(limit)
    for (index, byte) in mutated.enumerated() { bytes[index] = byte }
    return mutated.count
  }

  private func test(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let input = FuzzInput(bytes: UnsafeBufferPointer(start: bytes, count: count))
    do throws(FuzzFailure) {
      _ = try check.check(input)
    } catch {
      Report.say("failed: \(error)\n  --input \(Data(input.bytes).base64EncodedString())")
      abort()
    }
    return 0
  }

  /// libFuzzer in this process: it sees which edges of the code an input reaches.
  enum GuidedFuzzing {
    /// - Parameter arguments: libFuzzer's, with spaces between them; a folder is its corpus.
    static func run(_ corpus: Corpus, arguments: String) throws {
      pieces = corpus.inputs
      let words = arguments.split(separator: " ").map(String.init)
      if let folder = words.first(where: { !$0.hasPrefix("-") }) { try write(corpus, to: folder) }
      let list = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(
        capacity: words.count + 2)
      for (index, word) in (["system5-fuzz"] + words).enumerated() { list[index] = strdup(word) }
      list[words.count + 1] = nil
      var pointer: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = list
      var count = Int32(words.count + 1)
      let status = runDriver(&count, &pointer) { test($0, $1) }
      if status != 0 { throw ExitCode(1) }
    }

    private static func write(_ corpus: Corpus, to folder: String) throws {
      for (target, inputs) in corpus.inputs {
        for (number, input) in inputs.enumerated() {
          let file = URL(fileURLWithPath: folder).appending(path: "\(target)-\(number)")
          try Data(input.bytes).write(to: file)
        }
      }
    }
  }
#else
  enum GuidedFuzzing {
    static func run(_ corpus: Corpus, arguments: String) throws {
      throw ValidationError("This build has no libFuzzer; see deploy/fuzz.sh --guided.")
    }
  }
#endif
