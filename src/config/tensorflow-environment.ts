/**
 * Settings of the TensorFlow library, each of which the environment overrides; to be called before it is loaded. It tells of warnings and errors alone (TF_CPP_MIN_LOG_LEVEL), and
 * computes without oneDNN (TF_ENABLE_ONEDNN_OPTS), which is slower on the small products of writing token by token, and says two lines on stderr.
 */
export function prepareTensorflow(environment: Record<string, string | undefined> = process.env): void {
  environment['TF_CPP_MIN_LOG_LEVEL'] ??= '1'
  environment['TF_ENABLE_ONEDNN_OPTS'] ??= '0'
}
