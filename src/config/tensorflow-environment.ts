/** Settings of the TensorFlow library, which the environment overrides; to be called before it is loaded. It tells of warnings and errors alone (TF_CPP_MIN_LOG_LEVEL). */
export function prepareTensorflow(environment: Record<string, string | undefined> = process.env): void {
  environment['TF_CPP_MIN_LOG_LEVEL'] ??= '1'
}
