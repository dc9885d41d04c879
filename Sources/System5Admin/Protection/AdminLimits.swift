/// What one client may take up.
public struct AdminLimits: Sendable {
  public var bodyBytes = 64 << 10
  /// Path and query together.
  public var targetBytes = 8 << 10
  /// All fields together.
  public var headerBytes = 16 << 10
  /// At once; further ones wait in the kernel's queue.
  public var connections = 512
  /// Streams of events at once.
  public var streams = 32
  /// Long questions that wait for a thread.
  public var waitingQuestions = 64
  /// For a request to come in whole, once its connection is there or its predecessor answered.
  public var requestPatience: Duration = .seconds(15)
  /// For a connection without a request.
  public var idlePatience: Duration = .seconds(60)
  /// For a client to take some of what was sent to it.
  public var readerPatience: Duration = .seconds(10)

  public init() {}
}
