import { UsageError } from '../core/errors.js'
import { differences } from './differences.js'
import type { Json } from './manifest.js'
import { redact } from './redact.js'

/**
 * @param parameters.newer as of {@link differences}
 * @throws UsageError when a run was made with something else than what it is to be resumed with; it names each difference.
 */
export function expectIdentity({
  path,
  recorded,
  now,
  secrets = [],
  newer = [],
}: {
  path: string
  recorded: Record<string, Json>
  now: Record<string, Json>
  secrets?: readonly string[] | undefined
  newer?: readonly string[] | undefined
}): void {
  const found = differences({ recorded, now: redact({ value: now, secrets }), newer })
  if (found.length === 0) return
  throw new UsageError(
    [
      `${path} was made with another configuration, so it cannot be resumed with this one:`,
      ...found.map((line) => `  ${line}`),
      'Resume it as it was, or start a new run under another name (--name).',
    ].join('\n'),
  )
}
