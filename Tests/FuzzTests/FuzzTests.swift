import Foundation
import System5Core
import System5Fuzzing
import System5Wire
import Testing

/// The repository's own files, from where this one lies.
private func repositoryFile(_ path: String) throws -> [UInt8] {
  let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  return try Array(Data(contentsOf: root.appending(path: path)))
}

private func jsonCases() throws -> [JSONCase] {
  try JSONCase.read(repositoryFile("Tests/FuzzTests/Corpus/json.jsonl"))
}

private func corpus() throws -> Corpus {
  let examples = ["dead-letters", "envelope", "patterns", "policies", "thresholds", "trends"]
  let lines = try examples.flatMap { name in
    try repositoryFile("topics/examples/\(name).in.jsonl").split(separator: UInt8(ascii: "\n"))
  }
  return Corpus(lines: lines.map(Array.init), documents: try jsonCases().map(\.document))
}

@Suite struct FuzzTests {
  /// A moment of what `deploy/fuzz.sh` does at length.
  @Test(.timeLimit(.minutes(10))) func mutatedInputs() throws {
    let count = ProcessInfo.processInfo.environment["SYSTEM5_TEST_FUZZ"].flatMap { Int($0) }
    var fuzzer = Fuzzer(seed: 1, corpus: try corpus())
    let check = FuzzCheck()
    for number in 0..<(count ?? 5_000) {
      let input = fuzzer.next()
      do throws(FuzzFailure) {
        fuzzer.learn(try check.check(input), of: input)
      } catch {
        let base64 = Data(input.bytes).base64EncodedString()
        Issue.record("number \(number): \(error)\ndeploy/fuzz.sh --input \(base64)")
        return
      }
    }
    #expect(fuzzer.outcomeCount > 100)
  }

  @Test func whatTheCorpusHoldsPassesAsItIs() throws {
    let check = FuzzCheck()
    for input in try corpus().inputs.values.joined() {
      #expect(throws: Never.self) { try check.check(input) }
    }
  }

  @Test func theSameSeedGivesTheSameInputs() throws {
    let corpus = try corpus()
    var one = Fuzzer(seed: 7, corpus: corpus)
    var other = Fuzzer(seed: 7, corpus: corpus)
    for number in 0..<500 {
      let input = one.next()
      #expect(other.next() == input)
      one.learn("\(number % 100)", of: input)
      other.learn("\(number % 100)", of: input)
    }
  }

  /// What is written down of a failure must be all of it.
  @Test func anInputSurvivesItsBytes() throws {
    var fuzzer = Fuzzer(seed: 2, corpus: try corpus())
    for _ in 0..<500 {
      let input = fuzzer.next()
      #expect(FuzzInput(bytes: input.bytes) == input)
    }
  }
}

@Suite struct JSONCaseTests {
  @Test func thereIsNoFewerThanThereWas() throws {
    let cases = try jsonCases()
    #expect(cases.count >= 380)
    #expect(Set(cases.map(\.name)).count == cases.count)
  }

  @Test func casesAreTakenOrRefusedAsTheirNamesSay() throws {
    let parser = JSONParser()
    for one in try jsonCases() {
      let refusal: JSONError?
      do throws(JSONError) {
        _ = try parser.value(of: one.document)
        refusal = nil
      } catch {
        refusal = error
      }
      switch one.name.prefix(2) {
      case "y_": #expect(refusal == nil, "\(one.name)")
      case "n_": #expect(refusal?.kind == .invalid, "\(one.name)")
      case "d_": #expect(refusal?.kind == .tooDeep, "\(one.name)")
      default: #expect(one.name.hasPrefix("i_"), "\(one.name)")
      }
    }
  }

  /// A record whose value is the document: `not-json`, or another code where it is JSON.
  @Test func recordsAreRefusedWithTheContractsCodes() throws {
    var state = InputTopic.policy.emptyPartition(rules: Rules())
    let decoder = EventDecoder(rules: Rules())
    for (offset, one) in try jsonCases().enumerated() where one.document.count <= 1_048_576 {
      let line = RecordLine(
        topic: "t", timestampMilliseconds: 1, key: Array("acme".utf8), value: one.document)
      let position = Position(topicName: "t", partition: 0, offset: Int64(offset))
      var results: [ResultRecord] = []
      let disposition = line.withRecord {
        state.process($0, at: position, decoder: decoder, into: &results)
      }
      #expect(results.count == 1 && results.first?.value == one.document, "\(one.name)")
      guard case .deadLetter(let code) = disposition else {
        Issue.record("\(one.name) is applied")
        continue
      }
      switch one.name.prefix(2) {
      case "n_":
        #expect(code == (one.document.isEmpty ? .emptyValue : .notJSON), "\(one.name)")
      case "d_": #expect(code == .tooDeep, "\(one.name)")
      default: #expect(code == .notCloudEvent, "\(one.name)")
      }
    }
  }
}
