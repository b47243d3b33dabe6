import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { openSandboxPool } from '../../wiring.js'
import { chosenRuntime } from '../chosen-runtime.js'
import type { ParitySet } from '../parity-set.js'

const fetchInput = z.object({ width: z.number(), height: z.number() })
const viewInput = fetchInput.extend({ min_pixels: z.number(), max_pixels: z.number() })

/** Sizes of the images that the released environment hands to a call. */
export const releaseInput = sizeRuleSet({ name: 'release_input', rule: 'fetch', input: fetchInput })

/** Sizes of the copies that the model sees, and which results are refused for their size. */
export const imageBudget = sizeRuleSet({ name: 'image_budget', rule: 'view', input: viewInput })

/** Both go through the code that a call goes through, in the contained sandbox. */
function sizeRuleSet({
  name,
  rule,
  input,
}: {
  name: string
  rule: 'fetch' | 'view'
  input: z.ZodType<Record<string, unknown>>
}): ParitySet {
  return {
    name,
    async *run(cases) {
      const sandbox = await openSandboxPool({ runtime: chosenRuntime() })
      try {
        const answers = await sandbox.sizeRules(cases.map((each) => ({ rule, ...input.parse(each.input) })))
        for (const [index, { id, expected }] of cases.entries()) {
          const got = answers[index]
          yield { id, expected, got, pass: isDeepStrictEqual(got, expected) }
        }
      } finally {
        await sandbox.close()
      }
    },
  }
}
