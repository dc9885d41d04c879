import Foundation
import Logging
import System5Core
import System5Worker
import Testing

@testable import System5Admin

/// Over sockets: what clients may do to a connection.
@Suite struct ConnectionTests {
  private var impatient: AdminConfiguration {
    var configuration = AdminConfiguration()
    configuration.limits.requestPatience = .milliseconds(300)
    configuration.limits.idlePatience = .milliseconds(600)
    configuration.limits.readerPatience = .milliseconds(500)
    return configuration
  }

  /// Blocking reads have no place on the threads of tasks.
  private func onThread<Value: Sendable>(
    _ body: @escaping @Sendable () throws -> Value
  ) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      Thread.detachNewThread { continuation.resume(with: Result { try body() }) }
    }
  }

  private func ask(_ port: Int, _ text: String) async throws -> (text: String, isClosed: Bool) {
    try await onThread {
      let connection = try RawConnection(port: port)
      connection.send(text)
      return connection.readAll()
    }
  }

  @Test func theHostThatIsAskedForMustBeOurs() async throws {
    try await listening(Knowledge().board(), impatient) { port in
      let cases = [
        ("Host: evil.example", "421"), ("Host: localhost:1", "200"), ("Host: 127.0.0.1", "200"),
        ("X-No: host", "400"), ("Host: localhost\r\nHost: evil.example", "400"), ("Host:", "400"),
      ]
      for (field, status) in cases {
        let got = try await ask(
          port, "GET /livez HTTP/1.1\r\n\(field)\r\nConnection: close\r\n\r\n")
        #expect(got.text.hasPrefix("HTTP/1.1 \(status) "), "\(field): \(got.text.prefix(40))")
        #expect(got.isClosed)
      }
    }
  }

  @Test func whoSendsSlowlyIsNotWaitedFor() async throws {
    try await listening(Knowledge().board(), impatient) { port in
      for start in [
        "", "GET /livez HTTP/1.1\r\nHost: localh",
        "POST /v1/systems/a/adaptations/similar HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{",
      ] {
        let got = try await ask(port, start)
        #expect(got.isClosed, "\(start)")
        #expect(!got.text.hasPrefix("HTTP/1.1 200"))
      }
      // A byte now and then does not help.
      let isCutOff = try await onThread {
        let connection = try RawConnection(port: port)
        let deadline = ContinuousClock.now + .seconds(60)
        connection.send("GET /livez HTTP/1.1\r\nX-A: ")
        while ContinuousClock.now < deadline {
          if connection.send("a") != 1 { return true }
          usleep(20_000)
        }
        return false
      }
      #expect(isCutOff)
    }
  }

  @Test func anIdleConnectionServesAgainAndThenEnds() async throws {
    try await listening(Knowledge().board(), impatient) { port in
      let got = try await onThread {
        let connection = try RawConnection(port: port)
        for _ in 0..<3 { connection.send("GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n") }
        return connection.readAll()
      }
      #expect(got.isClosed)
      #expect(got.text.components(separatedBy: "HTTP/1.1 200").count == 4)
    }
  }

  @Test func whoDoesNotReadIsNotWaitedFor() async throws {
    var knowledge = Knowledge()
    let large = String(repeating: "x", count: 60_000)
    for number in 0..<60 {
      try knowledge.take("policy.stored", #"{"policy":"p\#(number)","data":{"x":"\#(large)"}}"#)
    }
    try await listening(knowledge.board(), impatient) { port in
      let got = try await onThread {
        let connection = try RawConnection(port: port)
        for _ in 0..<20 {
          connection.send("GET /v1/systems/acme/policies HTTP/1.1\r\nHost: localhost\r\n\r\n")
        }
        usleep(1_500_000)
        return connection.readAll(atMost: 200 << 20)
      }
      #expect(got.isClosed)
      #expect(got.text.utf8.count < 40 << 20)
      let after = try await ask(
        port, "GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
      #expect(after.text.hasPrefix("HTTP/1.1 200"))
    }
  }

  @Test func whatIsHugeIsCutOff() async throws {
    try await listening(Knowledge().board(), impatient) { port in
      let million = String(repeating: "x", count: 1_000_000)
      let cases = [
        ("GET /\(million) HTTP/1.1\r\nHost: localhost\r\n\r\n", ["414", "400"]),
        ("GET /livez HTTP/1.1\r\nHost: localhost\r\nX: \(million)\r\n\r\n", ["431", "400"]),
        (
          "GET /livez HTTP/1.1\r\nHost: localhost\r\nX: \(million.prefix(20_000))\r\n\r\n",
          ["431"]
        ),
        ("GET /\(million.prefix(9_000)) HTTP/1.1\r\nHost: localhost\r\n\r\n", ["414"]),
        (
          "POST /v1/systems/a/adaptations/similar HTTP/1.1\r\nHost: localhost\r\n"
            + "Content-Length: 1000000\r\n\r\n\(million)", ["413"]
        ),
        (
          "POST /v1/systems/a/adaptations/similar HTTP/1.1\r\nHost: localhost\r\n"
            + "Transfer-Encoding: chunked\r\n\r\nF4240\r\n\(million)\r\n", ["413"]
        ),
      ]
      for (request, statuses) in cases {
        let got = try await ask(port, request)
        #expect(got.isClosed, "\(request.prefix(60))")
        #expect(
          got.text.isEmpty || statuses.contains { got.text.hasPrefix("HTTP/1.1 \($0) ") },
          "\(request.prefix(60)): \(got.text.prefix(60))")
      }
      let after = try await ask(
        port, "GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
      #expect(after.text.hasPrefix("HTTP/1.1 200"))
    }
  }

  @Test(arguments: [
    "\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "\u{0}\u{1}\u{2}\u{3}\r\n\r\n",
    "GET /livez HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
    "GET /livez HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
    "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "\u{16}\u{3}\u{1}\u{2}",
  ])
  func whatIsNoRequestEndsTheConnection(text: String) async throws {
    try await listening(Knowledge().board(), impatient) { port in
      let got = try await ask(port, text)
      #expect(got.isClosed)
      #expect(!got.text.hasPrefix("HTTP/1.1 200"))
    }
  }

  @Test func streamsTellHowItStandsUntilTheServerEnds() async throws {
    let knowledge = try Knowledge.generated(50, seed: 1)
    var configuration = AdminConfiguration()
    configuration.limits.streams = 1
    let reading = try await listening(knowledge.board(), configuration) { port in
      let (hasBegun, begin) = AsyncStream.makeStream(of: Void.self)
      let reading = Task {
        try await onThread {
          let connection = try RawConnection(port: port)
          connection.send("GET /v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
          let start = connection.readAll(atMost: 1)
          begin.finish()
          let rest = connection.readAll()
          return (text: start.text + rest.text, isClosed: rest.isClosed)
        }
      }
      for await _ in hasBegun {}
      let second = try await ask(
        port, "GET /v1/events HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
      #expect(second.text.hasPrefix("HTTP/1.1 503"))
      return reading
    }
    let got = try await reading.value
    #expect(got.isClosed)
    #expect(got.text.contains("Content-Type: text/event-stream"))
    #expect(got.text.contains("event: status\ndata: {\"time\":"))
    #expect(got.text.contains("\"status\":\"live\""))
  }

  @Test func aPortInUseIsSaid() async throws {
    try await listening(WorkerBoard(), AdminConfiguration()) { port in
      let second = AdminServer(
        AdminConfiguration(port: port), board: WorkerBoard(), logger: logger())
      let error = await #expect(throws: AdminError.self) { try await second.run() }
      #expect(error?.description == "cannot listen on 127.0.0.1:\(port): Address already in use")
      await #expect(throws: AdminError.self) { try await second.advertisedAddress() }
    }
  }
}
