/** Let the TensorFlow library tell of warnings and errors alone, unless the user asked for more (TF_CPP_MIN_LOG_LEVEL). To be called before the library is loaded. */
export function quietTensorflow(environment: Record<string, string | undefined> = process.env): void {
  environment['TF_CPP_MIN_LOG_LEVEL'] ??= '1'
}
