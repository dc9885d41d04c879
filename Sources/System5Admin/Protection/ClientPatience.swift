import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Ends connections whose clients take their time: to send a request, or to read an answer.
///
/// The time for a request runs from its predecessor's end and is not given anew for a few bytes
/// more, so that a client that sends a byte now and then holds nothing for long. Confined to the
/// connection's event loop.
final class ClientPatience: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPRequestPart
  typealias InboundOut = HTTPRequestPart
  typealias OutboundIn = HTTPResponsePart
  typealias OutboundOut = HTTPResponsePart

  private let limits: AdminLimits
  private var deadline: Scheduled<Void>?
  private var readerDeadline: Scheduled<Void>?
  private var isAnswering = false
  private var hasRequest = false
  private var closesAfterAnswer = false

  init(_ limits: AdminLimits) { self.limits = limits }

  func handlerAdded(context: ChannelHandlerContext) {
    if context.channel.isActive { expectRequest(context, within: limits.requestPatience) }
  }

  func channelActive(context: ChannelHandlerContext) {
    expectRequest(context, within: limits.requestPatience)
    context.fireChannelActive()
  }

  func channelInactive(context: ChannelHandlerContext) {
    forget()
    context.fireChannelInactive()
  }

  func handlerRemoved(context: ChannelHandlerContext) { forget() }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head:
      hasRequest = true
      expectRequest(context, within: limits.requestPatience)
    case .body: break
    case .end:
      hasRequest = false
      deadline?.cancel()
    }
    context.fireChannelRead(data)
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    switch unwrapOutboundIn(data) {
    case .head(let head):
      isAnswering = true
      closesAfterAnswer = head.headerFields[.connection] == "close"
    case .body: break
    case .end: return finish(context, data, promise)
    }
    context.write(data, promise: promise)
  }

  private func finish(
    _ context: ChannelHandlerContext, _ data: NIOAny, _ promise: EventLoopPromise<Void>?
  ) {
    isAnswering = false
    if closesAfterAnswer {
      // What the client still sends is nobody's to read.
      let channel = context.channel
      context.write(data).whenComplete { _ in channel.close(promise: nil) }
      context.flush()
      promise?.succeed()
      return
    }
    if !hasRequest { expectRequest(context, within: limits.idlePatience) }
    context.write(data, promise: promise)
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    readerDeadline?.cancel()
    readerDeadline = nil
    if !context.channel.isWritable {
      readerDeadline = closing(context, after: limits.readerPatience)
    }
    context.fireChannelWritabilityChanged()
  }

  private func expectRequest(_ context: ChannelHandlerContext, within limit: Duration) {
    deadline?.cancel()
    deadline = closing(context, after: limit)
  }

  private func closing(
    _ context: ChannelHandlerContext, after limit: Duration
  ) -> Scheduled<Void> {
    let channel = context.channel
    return context.eventLoop.scheduleTask(in: TimeAmount(limit)) { channel.close(promise: nil) }
  }

  private func forget() {
    deadline?.cancel()
    readerDeadline?.cancel()
  }
}
