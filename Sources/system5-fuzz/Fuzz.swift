import ArgumentParser
import Foundation
import System5Fuzzing

/// Feeds mutated inputs to what reads bytes from outside. See `deploy/fuzz.sh`.
@main
struct Fuzz: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "system5-fuzz",
    abstract: "Mutates records, lines, JSON and checkpoints, and checks what becomes of them.")

  @Option(help: "How many inputs.") var inputs = 10_000_000
  @Option(help: "Where to start; the same seed gives the same inputs.") var seed: UInt64 = 1
  @Option(help: "Stop after this many seconds.") var seconds: Double = .infinity
  @Option(help: "Only records, lines, json, checkpoints, manifests or shelves; may be repeated.")
  var target: [String] = []
  @Option(help: "Only this input, in Base64, as a failure names it.") var input: String?
  @Option(help: "Let libFuzzer guide, with these arguments; needs a build for it.")
  var guided: String?
  @Option(help: "A file of JSON cases to start from.") var cases: String?
  @Argument(help: "Files of record lines to start from.") var files: [String] = []

  func run() throws {
    if let input { return try runOne(input) }
    let corpus = try corpus()
    if let guided { return try GuidedFuzzing.run(corpus, arguments: guided) }
    try run(corpus)
  }

  /// Without a guard, so that a trap shows where it was.
  private func runOne(_ text: String) throws {
    guard let data = Data(base64Encoded: text) else {
      throw ValidationError("--input is not Base64.")
    }
    do throws(FuzzFailure) {
      print(try FuzzCheck().check(FuzzInput(bytes: data)))
    } catch {
      Report.say(error.description)
      throw ExitCode(1)
    }
  }

  private func run(_ corpus: Corpus) throws {
    let targets = try target.map { name in
      guard let target = FuzzTarget(name: name) else {
        throw ValidationError("There is no target \(name).")
      }
      return target
    }
    var fuzzer = Fuzzer(seed: seed, corpus: corpus, targets: targets)
    var report = Report(seed: seed)
    let check = FuzzCheck()
    CrashGuard.install()
    while report.count < inputs, report.elapsed < seconds {
      let input = fuzzer.next()
      CrashGuard.watch(input.bytes, seed: seed, number: report.count)
      do throws(FuzzFailure) {
        let outcome = try check.check(input)
        fuzzer.learn(outcome, of: input)
        report.note(outcome)
      } catch {
        report.failed(input, error)
      }
      report.next(outcomes: fuzzer.outcomeCount)
    }
    CrashGuard.rest()
    report.end(outcomes: fuzzer.outcomeCount)
    if report.failures > 0 { throw ExitCode(1) }
  }

  private func corpus() throws -> Corpus {
    let lines = try files.flatMap { try bytes(of: $0).split(separator: UInt8(ascii: "\n")) }
    let cases = try cases.map { try JSONCase.read(bytes(of: $0)) } ?? []
    return Corpus(lines: lines.map(Array.init), documents: cases.map(\.document))
  }

  private func bytes(of file: String) throws -> [UInt8] {
    try Array(Data(contentsOf: URL(fileURLWithPath: file)))
  }
}
