import CAssets

/// What is served as it lies in the binary.
enum Assets {
  /// The OpenAPI document.
  static let openAPI = [UInt8](UnsafeBufferPointer(start: s5_openapi(), count: s5_openapi_size()))
}
