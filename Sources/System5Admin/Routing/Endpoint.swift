import HTTPTypes
import System5Core
import System5Wire

/// What is asked of the state of one viable system.
struct Question: Sendable {
  let system: Text
  let path: PathValues
  let query: Query
  /// Of a POST.
  let body: JSONValue?
}

/// A request that the gate has let through and a route has taken.
struct Call: Sendable {
  let request: HTTPRequest
  /// The path as received.
  let target: String
  let rawQuery: String?
  let path: PathValues
  let query: Query
}

/// Who answers on a route.
enum Endpoint: Sendable {
  case policies(@Sendable (PolicyStore, Question) throws(Problem) -> Document)
  case adaptations(@Sendable (AdaptationStore, Question) throws(Problem) -> Document)
  case variety(@Sendable (VarietyMetricsStore, Question) throws(Problem) -> Document)
  /// Something about the worker itself.
  case own(@Sendable (Call) async throws(Problem) -> Answer)

  /// The topic whose partition answers; nil for what is about the worker itself.
  var input: InputTopic? {
    switch self {
    case .policies: .policy
    case .adaptations: .adaptation
    case .variety: .variety
    case .own: nil
    }
  }
}

/// A method on a path, and who answers.
struct Route: Sendable {
  let method: HTTPRequest.Method
  let template: PathTemplate
  /// The names that the query may have.
  let parameters: Set<String>
  /// Whether it may take long, so that it is kept away from the threads that serve connections.
  let isHeavy: Bool
  let endpoint: Endpoint

  /// A question about one system, which may be another worker's to answer.
  static func system(
    _ path: String, method: HTTPRequest.Method = .get, _ parameters: String...,
    heavy: Bool = false, answer endpoint: Endpoint
  ) -> Route {
    Route(
      method: method, template: PathTemplate(stringLiteral: "/v1/systems/{system}/\(path)"),
      parameters: Set(parameters + ["forward"]), isHeavy: heavy, endpoint: endpoint)
  }

  static func own(
    _ template: PathTemplate, _ parameters: String...,
    answer: @escaping @Sendable (Call) async throws(Problem) -> Answer
  ) -> Route {
    Route(
      method: .get, template: template, parameters: Set(parameters), isHeavy: false,
      endpoint: .own(answer))
  }
}
