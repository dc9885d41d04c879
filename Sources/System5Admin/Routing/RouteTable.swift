import HTTPTypes
import System5Core

/// All routes; of several paths that fit, the first counts, so literal segments come first.
struct RouteTable: Sendable {
  let routes: [Route]

  /// The route for a request, with the values in its path.
  func route(
    _ method: HTTPRequest.Method, _ path: [Text]
  ) throws(Problem) -> (route: Route, values: PathValues) {
    guard let first = routes.first(where: { $0.template.match(path) != nil }),
      let values = first.template.match(path)
    else { throw Problem(.notFound, "No route leads here; /openapi.json lists them.") }
    let fitting = routes.filter { $0.template.description == first.template.description }
    let wanted = method == .head ? .get : method
    if let route = fitting.first(where: { $0.method == wanted }) { return (route, values) }
    var allowed = Set(fitting.map(\.method.rawValue))
    if allowed.contains("GET") { allowed.insert("HEAD") }
    let list = allowed.sorted().joined(separator: ", ")
    throw Problem(.methodNotAllowed, "Only \(list) may be used here.").with(.allow, list)
  }
}
