import ArgumentParser

/// How much of a list to show.
struct ListOptions: ParsableArguments {
  @Option(help: "How many, 1 to 1000.")
  var limit: Int?

  @Option(help: "Go on after this cursor, which the page before has given.")
  var cursor: String?

  var query: [(String, String?)] { [("limit", limit.map(String.init)), ("cursor", cursor)] }
}
