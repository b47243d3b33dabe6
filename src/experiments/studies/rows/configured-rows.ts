import { parseLimit } from '../../../config/parse-limit.js'
import type { GrpoConfig } from '../../../config/training-schema.js'
import { UsageError } from '../../../core/errors.js'
import { TRANSFORMS, type Transform } from '../../../core/transform.js'
import { loadSuite } from '../../../data/load-suite.js'
import type { StudyRows } from './study-rows.js'

/**
 * The rows that a configuration of the user's names: `data` or `suite` to learn from, `evaluation.data` to evaluate on, the same under every seed. Transformations are left out of upright rows only (`transforms`): other
 * rows are as they are.
 * @param parameters.evaluated at most so many tasks of an evaluation; absent: all
 * @throws UsageError where it names no rows to evaluate on.
 */
export function configuredRows({
  config: { suite, data, transforms: turned, limit, training, evaluation: held },
  evaluated,
}: {
  config: Pick<GrpoConfig, 'suite' | 'data' | 'transforms' | 'limit' | 'training' | 'evaluation'>
  evaluated?: number | undefined
}): StudyRows {
  if (held === undefined)
    throw new UsageError(
      'expected rows to evaluate on beside those to learn from (evaluation: { data: FILE }), got a configuration without',
    )
  const among = (
    own: readonly Transform[] | undefined,
    asked: readonly Transform[],
  ): Transform[] | undefined => own?.filter((transform) => asked.includes(transform))
  return {
    async most() {
      const { count } = await loadSuite({
        suite: suite ?? data ?? '',
        ...(data !== undefined && { data }),
        ...(turned !== undefined && { transforms: turned }),
      })
      const { first, last } = limit === undefined ? { first: 1, last: count } : parseLimit(String(limit))
      const { steps, batch } = training
      const taken = steps === undefined ? Infinity : steps * batch
      return Math.min(taken, Math.min(last, count) - first + 1)
    },
    training({ transforms, rows }) {
      if (turned === undefined && transforms.length < TRANSFORMS.length)
        throw new UsageError(
          'expected upright rows and `transforms` in the configuration, since this study leaves some out of the training, got rows as they are',
        )
      const named = { suite, data, transforms: among(turned, transforms), limit: rows ?? limit }
      return Promise.resolve({ ...named, identity: named })
    },
    evaluation({ transforms }) {
      const named = { data: held.data, transforms: among(held.transforms, transforms), limit: evaluated }
      return Promise.resolve({ ...named, identity: named })
    },
    measured({ transforms }) {
      const named = { data: held.data, transforms: among(held.transforms, transforms), limit: held.limit }
      return Promise.resolve({ ...named, identity: named, every: held.every })
    },
  }
}
