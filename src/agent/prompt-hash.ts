import { createHash } from 'node:crypto'
import type { ToolDescription } from '../core/policy.js'

/** SHA-256 (hexadecimal) over what tells the model what to do: runs with different hashes are not comparable. */
export function promptHash({ prompt, tools }: { prompt: string; tools: readonly ToolDescription[] }): string {
  return createHash('sha256').update(JSON.stringify({ prompt, tools })).digest('hex')
}
