/// A file of the dashboard.
public struct PageFile: Sendable {
  public let bytes: [UInt8]
  public let contentType: String
  /// Tells this content from any other; without quotes.
  public let hash: String

  public init(bytes: [UInt8], contentType: String, hash: String) {
    self.bytes = bytes
    self.contentType = contentType
    self.hash = hash
  }
}

/// The dashboard's file at a path such as `/` or `/app.css`; nil where there is none.
public typealias PageLookup = @Sendable (_ path: String) -> PageFile?

/// The text of all metrics in the format that suits the `Accept` field best.
public typealias MetricsPage = @Sendable (_ accept: String?) -> (contentType: String, body: [UInt8])
