import HTTPTypes
import System5Core

/// All routes; of several that fit a path, the first counts, so literal segments come first.
struct RouteTable: Sendable {
  let routes: [Route]

  /// The route for a request, with the values in its path.
  func route(
    _ method: HTTPRequest.Method, _ path: [Text]
  ) throws(Problem) -> (route: Route, values: PathValues) {
    var allowed: Set<String> = []
    let wanted = method == .head ? .get : method
    for route in routes {
      guard let values = route.template.match(path) else { continue }
      if route.method == wanted { return (route, values) }
      allowed.insert(route.method.rawValue)
    }
    guard !allowed.isEmpty else {
      throw Problem(.notFound, "No route leads here; /openapi.json lists them.")
    }
    if allowed.contains("GET") { allowed.insert("HEAD") }
    let list = allowed.sorted().joined(separator: ", ")
    throw Problem(.methodNotAllowed, "Only \(list) may be used here.").with(.allow, list)
  }
}
