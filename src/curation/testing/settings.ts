import { SYSTEM_PROMPT } from '../../agent/system-prompt.js'
import { CODE_IMAGE_TOOL } from '../../agent/tool-description.js'
import { textOf, type Message } from '../../core/message.js'
import { PROVOCATIONS } from '../../core/curation.js'
import { DEFAULT_MIX, type CurationOptions } from '../plan/curation-options.js'
import type { TeacherSettings } from '../run/run-curation.js'

/** Pixels of a view in which the evidence of a small mini world is small. */
export const TEST_VIEW = 160 * 160

/** Settings of a teacher in tests. */
export const TEST_SETTINGS: TeacherSettings = {
  prompt: SYSTEM_PROMPT,
  tools: [CODE_IMAGE_TOOL],
  view: { minPixels: 28 * 28, maxPixels: TEST_VIEW },
  parsing: 'robust',
  feedback: 'standard',
  limits: { turns: 12, timeoutMs: 20_000 },
}

export function testOptions(changes: Partial<CurationOptions> = {}): CurationOptions {
  return { count: 30, seed: 'test', mix: DEFAULT_MIX, provocations: PROVOCATIONS, attempts: 3, ...changes }
}

/** All that was written, so that no two trajectories of a plain teacher are alike. */
export function wholeText(messages: readonly Message<unknown>[]): string {
  return messages
    .filter(({ role }) => role === 'assistant')
    .map((message) => textOf(message))
    .join('\n')
}
