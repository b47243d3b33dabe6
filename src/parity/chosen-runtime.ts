import { testRuntime } from '../config/test-runtime.js'
import type { RuntimeChoice } from '../wiring.js'

const RUNTIMES = ['docker', 'podman', 'bubblewrap'] as const

/** The runtime that CODEVISION_TEST_RUNTIME names, else whatever is ready. */
export function chosenRuntime(): RuntimeChoice {
  const name = testRuntime()
  return RUNTIMES.find((runtime) => runtime === name) ?? 'auto'
}
