import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// Takes what is posted to it, and answers as it is told.
final class WebhookReceiver: Sendable {
  enum Answer: Sendable {
    case status(Int, retryAfter: String? = nil)
    /// None at all.
    case silence
  }

  struct Received: Sendable {
    let headers: HTTPHeaders
    let body: [UInt8]
    let at: ContinuousClock.Instant
  }

  private struct State {
    var answers: [Answer]
    var received: [Received] = []
  }

  private let state: Mutex<State>
  private let channel: any Channel

  /// - Parameter answers: to the first requests; all others are taken.
  init(_ answers: [Answer] = []) async throws {
    let state = Mutex(State(answers: answers))
    self.state = state
    let box = Box()
    channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelInitializer { channel in
        channel.pipeline.configureHTTPServerPipeline().flatMapThrowing {
          try channel.pipeline.syncOperations.addHandler(RequestHandler(box))
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    box.receiver.withLock { $0 = self }
  }

  var url: String { "http://127.0.0.1:\(channel.localAddress?.port ?? 0)/hook" }
  var received: [Received] { state.withLock { $0.received } }

  func close() async throws { try await channel.close() }

  fileprivate func answer(_ request: Received) -> Answer {
    state.withLock { state in
      state.received.append(request)
      return state.answers.isEmpty ? .status(200) : state.answers.removeFirst()
    }
  }

  /// Known to the handlers before there is a receiver.
  fileprivate final class Box: Sendable {
    let receiver = Mutex<WebhookReceiver?>(nil)
  }
}

private final class RequestHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private let box: WebhookReceiver.Box
  private var headers = HTTPHeaders()
  private var body: [UInt8] = []

  init(_ box: WebhookReceiver.Box) { self.box = box }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head): headers = head.headers
    case .body(let part): body += part.readableBytesView
    case .end:
      let request = WebhookReceiver.Received(headers: headers, body: body, at: .now)
      body = []
      guard let receiver = box.receiver.withLock({ $0 }),
        case .status(let code, let retryAfter) = receiver.answer(request)
      else { return }
      var head = HTTPResponseHead(version: .http1_1, status: .init(statusCode: code))
      head.headers.add(name: "content-length", value: "0")
      if let retryAfter { head.headers.add(name: "retry-after", value: retryAfter) }
      context.write(wrapOutboundOut(.head(head)), promise: nil)
      context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }
  }
}
