/** CODEVISION_TEST_RUNTIME: the runtime against which contract tests and known answers run; null where it is not set. */
export function testRuntime(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): string | null {
  return environment['CODEVISION_TEST_RUNTIME'] ?? null
}
