import HTTPTypes
import System5Core
import System5Wire
import System5Worker
import Testing

@testable import System5Admin

/// The document and the routes say the same, and answers look as it says.
@Suite struct OpenAPITests {
  private let document: JSONObject
  private let routes: [Route]

  init() async throws {
    guard case .object(let object) = try JSONParser().value(of: Assets.openAPI) else {
      throw Problem(.fault, "no object")
    }
    document = object
    let parts = AdminParts(
      AdminConfiguration(), board: WorkerBoard(), directory: nil, pages: { _ in nil }, metrics: nil)
    routes = parts.responder.table.routes
    await parts.shutDown()
  }

  @Test func everyRouteHasAnEntryAndEveryEntryARoute() {
    let served = routes.map { "\($0.method.rawValue.lowercased()) \($0.template)" }
    let told = members(document["paths"]).flatMap { path in
      members(path.value).map { "\($0.name) \(path.name)" }
    }
    #expect(served.sorted() == told.sorted())
    #expect(Set(served).count == served.count)
  }

  @Test func parametersAreTheOnesThatRoutesTake() {
    for route in routes {
      let operation = object(
        object(object(document["paths"])[Text("\(route.template)")])[
          Text(route.method.rawValue.lowercased())])
      let parameters = list(operation["parameters"]).map { object(resolved($0)) }
      let names = parameters.filter { $0["in"] == "query" }.compactMap { string($0["name"]) }
      #expect(Set(names) == route.parameters, "\(route.template)")
      let inPath = parameters.filter { $0["in"] == "path" }.compactMap { string($0["name"]) }
      #expect(inPath.allSatisfy { "\(route.template)".contains("{\($0)}") })
      #expect("\(route.template)".split(separator: "{").count - 1 == inPath.count)
    }
  }

  @Test func answersAreAsTheSchemasSay() async throws {
    var knowledge = try Knowledge.generated(3000, seed: 6)
    try knowledge.take(
      "pattern.learned",
      #"{"pattern":"l","trigger_conditions":{},"recommended_actions":["x"],"confidence":0.5,"domain":"d"}"#,
      system: "system-0")
    try knowledge.take(
      "knowledge.transfer-requested", #"{"from_domain":"web","to_domain":"shop"}"#,
      system: "system-0")
    for (type, data) in [
      ("policy.stored", #"{"policy":"known","data":{}}"#),
      ("adaptation.stored", #"{"adaptation":"known","anomaly_context":{},"policy_changes":[]}"#),
      ("variety.measured", #"{"source":"market","variety":1}"#),
      ("variety.measured", #"{"source":"known","variety":1}"#),
    ] {
      try knowledge.take(type, data, system: "system-0", second: 1)
    }
    try await serving(knowledge.board()) { client in
      for route in routes where route.method == .get && !route.isUnending {
        let uri = "\(route.template)".filled
        let got = try await client.get(uri)
        try #require(got.status == 200, "\(uri): \(got.text)")
        let schema = schema(of: route)
        let complaints = complaints(.object(got.object), schema, "\(route.template)")
        #expect(complaints.isEmpty)
      }
      let similar = try await client.get(
        "/v1/systems/system-0/adaptations/similar", .post, body: #"{"context":{"region":"eu"}}"#)
      #expect(!similar.list("adaptations").isEmpty)
      #expect(
        complaints(
          .object(similar.object), reference("SimilarAdaptationList"), "similar"
        ).isEmpty)
      let problem = try await client.get("/nope")
      #expect(complaints(.object(problem.object), reference("Problem"), "problem").isEmpty)
    }
  }

  private func schema(of route: Route) -> JSONValue? {
    let operation = object(object(object(document["paths"])[Text("\(route.template)")])["get"])
    let answer = object(object(operation["responses"])["200"])
    return object(object(answer["content"])["application/json"])["schema"]
  }

  private func reference(_ name: String) -> JSONValue {
    ["$ref": .string(Text("#/components/schemas/\(name)"))]
  }

  /// What does not fit: members that are missing, that are too many, or that are of another type.
  private func complaints(_ value: JSONValue, _ schema: JSONValue?, _ place: String) -> [String] {
    guard let schema else { return ["\(place): no schema"] }
    let rule = object(resolved(schema))
    let choices = list(rule["oneOf"])
    if !choices.isEmpty {
      let fitting = choices.count { complaints(value, $0, place).isEmpty }
      return fitting == 1 ? [] : ["\(place): fits \(fitting) of \(choices.count)"]
    }
    if let constant = rule["const"], constant != value { return ["\(place): not \(constant)"] }
    let types = list(rule["type"]).isEmpty ? [rule["type"]].compactMap { $0 } : list(rule["type"])
    if !types.isEmpty, !types.contains(where: { fits(value, string($0) ?? "") }) {
      return ["\(place): \(value.canonicalText.prefix(60)) is not \(types)"]
    }
    switch value {
    case .array(let elements):
      return elements.flatMap { complaints($0, rule["items"] ?? true, "\(place)[]") }
    case .object(let members): return complaints(members, rule, place)
    default: return []
    }
  }

  private func complaints(_ value: JSONObject, _ rule: JSONObject, _ place: String) -> [String] {
    let properties = object(rule["properties"])
    let missing = list(rule["required"]).compactMap { string($0) }.filter { value[Text($0)] == nil }
    var found = missing.map { "\(place): \($0) is missing" }
    for member in value.members {
      let here = "\(place).\(member.name)"
      if let schema = properties[member.name] {
        found += complaints(member.value, schema, here)
      } else if rule["additionalProperties"] == false {
        found.append("\(here) is not in the schema")
      } else if case .object? = rule["additionalProperties"] {
        found += complaints(member.value, rule["additionalProperties"], here)
      }
    }
    return found
  }

  private func fits(_ value: JSONValue, _ type: String) -> Bool {
    switch (value, type) {
    case (.null, "null"), (.bool, "boolean"), (.number, "number"), (.string, "string"),
      (.array, "array"), (.object, "object"):
      true
    case (.number(let number), "integer"): Int64(number.text.string) != nil
    default: false
    }
  }

  private func resolved(_ value: JSONValue) -> JSONValue {
    guard let reference = string(object(value)["$ref"]) else { return value }
    return reference.split(separator: "/").dropFirst().reduce(.object(document)) {
      object($0)[Text(String($1))] ?? .null
    }
  }

  private func object(_ value: JSONValue?) -> JSONObject {
    if case .object(let object)? = value { object } else { JSONObject() }
  }

  private func members(_ value: JSONValue?) -> [JSONObject.Member] { object(value).members }

  private func list(_ value: JSONValue?) -> [JSONValue] {
    if case .array(let elements)? = value { elements } else { [] }
  }

  private func string(_ value: JSONValue?) -> String? {
    if case .string(let text)? = value { text.string } else { nil }
  }
}

extension Route {
  fileprivate var isUnending: Bool { ["/v1/events", "/metrics"].contains("\(template)") }
}

extension String {
  /// With ids that generated records have.
  fileprivate var filled: String {
    replacing("{system}", with: "system-0").replacing("{version}", with: "1")
      .replacing("{policy}", with: "known").replacing("{adaptation}", with: "known")
      .replacing("{source}", with: "known")
  }
}
