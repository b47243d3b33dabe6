import type { ConformanceClient } from './conformance-client.js'

/** One thing that callers rely on. */
export interface ConformanceRule {
  name: string
  /** @returns null where it holds, else what was expected and what came. */
  check(client: ConformanceClient): Promise<string | null>
}

/** What a rule came to. */
export interface ConformanceResult {
  name: string
  /** Null: it holds. */
  failure: string | null
}

/** Null where it is so, else what came in its place. */
export function expectThat(isSo: boolean, expected: string, got: unknown): string | null {
  return isSo ? null : `expected ${expected}, got ${JSON.stringify(got)?.slice(0, 300)}`
}
