import ArgumentParser
import System5Core

struct GetSystems: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "systems", abstract: "The systems that the worker has partitions of.")

  @OptionGroup var options: APIOptions
  @OptionGroup var list: ListOptions

  func run() async throws {
    let answer = try await options.client().get(["v1", "systems"], list.query)
    try Listing(options: options).print(answer, "systems", SystemTable.empty, SystemTable.add)
  }
}
