import { createHash } from 'node:crypto'
import type { Check } from './check.js'

/** No row has question, answers and images of an earlier one, in whatever file. */
export function duplicateCheck(): Check {
  const seen = new Map<string, string>()
  return {
    row({ place, task: { question, answers, options, images } }) {
      const content = [question, answers, options ?? null, images.map(({ sha256 }) => sha256)]
      const digest = createHash('sha256').update(JSON.stringify(content)).digest('base64')
      const first = seen.get(digest)
      if (first === undefined) {
        seen.set(digest, place.where)
        return []
      }
      return [
        {
          check: 'duplicate',
          ...place,
          what: 'row',
          expected: 'a row that does not come twice',
          got: `question, answers and images of ${first}`,
        },
      ]
    },
  }
}
