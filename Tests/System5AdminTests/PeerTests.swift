import AsyncHTTPClient
import HTTPTypes
import Kafka
import NIOCore
import NIOHTTP1
import Synchronization
import System5Core
import System5Wire
import System5Worker
import Testing

@testable import System5Admin

/// A group's members, as a test has them.
private final class KnownOwners: MemberDirectory {
  private let owner: Mutex<Result<ShardOwner, DirectoryError>>

  init(_ owner: Result<ShardOwner, DirectoryError>) { self.owner = Mutex(owner) }

  func set(_ owner: ShardOwner) { self.owner.withLock { $0 = .success(owner) } }

  func owner(of partition: TopicPartition) async throws(DirectoryError) -> ShardOwner {
    try owner.withLock { $0 }.get()
  }
}

@Suite struct PeerTests {
  /// A member that has been given nothing.
  private func idle() -> WorkerBoard { Knowledge().board { $0.shards = [] } }

  private func answer(
    _ port: Int, _ path: String, token: String? = nil, forwarded: Bool = false, body: String? = nil
  ) async throws -> (response: HTTPClientResponse, text: String) {
    var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)\(path)")
    if let token { request.headers.add(name: "Authorization", value: "Bearer \(token)") }
    if forwarded { request.headers.add(name: "System5-Forwarded", value: "1") }
    if let body {
      request.method = .POST
      request.body = .bytes(ByteBuffer(string: body))
    }
    let response = try await HTTPClient.shared.execute(request, timeout: .seconds(20))
    return (response, String(buffer: try await response.body.collect(upTo: 1 << 20)))
  }

  @Test func anotherWorkersPartitionIsOneStepAway() async throws {
    let knowledge = try Knowledge.generated(800, seed: 4)
    let similar = #"{"context":{"region":"eu"},"limit":3}"#
    try await listening(knowledge.board(), AdminConfiguration()) { owner in
      let directory = KnownOwners(.success(.address("127.0.0.1:\(owner)")))
      try await listening(idle(), AdminConfiguration(), directory: directory) { other in
        for path in [
          "/v1/systems/system-0/policies?limit=3&active=true", "/v1/systems/system-1/alerts",
          "/v1/systems/system-2/variety/by-id/qu%65ue/history", "/v1/systems/system-0/variety",
        ] {
          let mark = path.contains("?") ? "&" : "?"
          let direct = try await answer(owner, path)
          let sent = try await answer(other, path)
          #expect(sent.response.status == .ok, "followed")
          #expect(sent.text == direct.text)
          let fetched = try await answer(other, "\(path)\(mark)forward=true")
          #expect(fetched.text == direct.text)
          #expect(fetched.response.status == direct.response.status)
          for name in ["ETag", "System5-Position", "Content-Type", "Cache-Control"] {
            #expect(
              fetched.response.headers.first(name: name)
                == direct.response.headers.first(name: name))
          }
        }
        let path = "/v1/systems/system-0/adaptations/similar"
        let direct = try await answer(owner, path, body: similar)
        let fetched = try await answer(other, path + "?forward=true", body: similar)
        #expect(direct.response.status == .ok && fetched.text == direct.text)
      }
    }
  }

  @Test func theAddressOfTheOtherWorkerIsGivenWithPathAndQuery() async throws {
    let directory = KnownOwners(.success(.address("worker-2:8085")))
    try await serving(idle(), directory: directory) { client in
      let got = try await client.get("/v1/systems/acme/policies/a%2Fb%20c?forward=false")
      #expect(got.status == 307)
      #expect(got.headers[.location] == "http://worker-2:8085/v1/systems/acme/policies/a%2Fb%20c")
      let list = try await client.get("/v1/systems/acme/policies?q=a+b&forward=false&limit=2")
      #expect(
        list.headers[.location] == "http://worker-2:8085/v1/systems/acme/policies?q=a+b&limit=2")
    }
  }

  @Test func twoWorkersNeverSendARequestInCircles() async throws {
    let first = KnownOwners(.success(.nobody))
    let second = KnownOwners(.success(.nobody))
    try await listening(idle(), AdminConfiguration(), directory: first) { one in
      try await listening(idle(), AdminConfiguration(), directory: second) { two in
        first.set(.address("127.0.0.1:\(two)"))
        second.set(.address("127.0.0.1:\(one)"))
        let got = try await answer(one, "/v1/systems/acme/policies?forward=true")
        #expect(got.response.status == .serviceUnavailable)
        #expect(got.text.contains("has just moved on"))
        #expect(got.response.headers.first(name: "Retry-After") != nil)
        first.set(.address("127.0.0.1:\(one)"))
        let own = try await answer(one, "/v1/systems/acme/policies?forward=true")
        #expect(own.text.contains("on its way to this worker"))
      }
    }
  }

  @Test func theTokenGoesAlong() async throws {
    var guarded = AdminConfiguration()
    guarded.token = BearerToken(Array("t".utf8))
    let knowledge = try Knowledge.generated(100, seed: 1)
    try await listening(knowledge.board(), guarded) { [guarded] owner in
      let directory = KnownOwners(.success(.address("127.0.0.1:\(owner)")))
      try await listening(idle(), guarded, directory: directory) { other in
        let path = "/v1/systems/system-0/policies?forward=true"
        let right = try await answer(other, path, token: "t")
        let wrong = try await answer(other, path, token: "u")
        #expect(right.response.status == .ok && wrong.response.status == .unauthorized)
      }
    }
  }

  @Test func whereNobodyAnswersThatIsSaid() async throws {
    let cases: [(Result<ShardOwner, DirectoryError>, String)] = [
      (.success(.nobody), "being given"), (.success(.silent), "serves no HTTP"),
      (.failure(DirectoryError(reason: "x")), "not known whose"),
    ]
    for (owner, word) in cases {
      try await serving(idle(), directory: KnownOwners(owner)) { client in
        let got = try await client.get("/v1/systems/acme/policies")
        #expect(got.problem == "no-owner" && got.status == 503)
        #expect(got.text.contains(word))
        #expect(got.headers[.retryAfter] == "2")
      }
    }
    // A port where nobody listens.
    let gone = KnownOwners(.success(.address("127.0.0.1:1")))
    try await serving(idle(), directory: gone) { client in
      let got = try await client.get("/v1/systems/acme/policies?forward=true")
      #expect(got.problem == "bad-gateway" && got.status == 502)
    }
  }

  @Test func membersTellTheirAddressByTheirClientID() throws {
    let partition = TopicPartition(topic: "t", partition: 1)
    func owner(_ clientID: String) throws -> ShardOwner? {
      let member = GroupMember(clientID: clientID, instanceID: nil, assignment: [partition])
      return try GroupDirectory.owners(in: [member])[partition]
    }
    #expect(try owner("system5-a-0@host:8085") == .address("host:8085"))
    #expect(try owner("me@work@[::1]:80") == .address("[::1]:80"))
    for silent in [
      "system5-a-0", "a@", "a@host", "a@host:0", "a@host:99999", "a@ho st:1", "a@x/y:1", "a@:1",
      "a@u:p@h:1/..", "a@[x]:1",
    ] {
      #expect(try owner(silent) == .silent, "\(silent)")
    }
    #expect(try GroupDirectory.owners(in: []).isEmpty)
    let untold = GroupMember(clientID: "", instanceID: nil, assignment: [])
    #expect(throws: DirectoryError.self) { try GroupDirectory.owners(in: [untold, untold]) }
  }
}
