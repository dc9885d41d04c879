import ArgumentParser
import Foundation

/// Which worker a command asks, and how it answers.
struct APIOptions: ParsableArguments {
  @Option(help: "A worker of the group; any answers for every system.")
  var url = "http://127.0.0.1:8085"

  @Option(help: ArgumentHelp("The file of the worker's token.", valueName: "path"))
  var tokenFile: String?

  @Flag(help: "Print what the worker answers.")
  var json = false

  func validate() throws {
    guard let parsed = URL(string: url), parsed.scheme == "http", parsed.host() != nil else {
      throw ValidationError("--url is http://HOST:PORT, not \(url)")
    }
  }

  func client() throws -> APIClient {
    APIClient(
      base: url.hasSuffix("/") ? String(url.dropLast()) : url,
      token: try tokenFile.map { try TokenFile.text(in: $0) })
  }
}
