import { parseLimit } from '../../../config/parse-limit.js'
import type { GrpoConfig } from '../../../config/training-schema.js'
import { UsageError } from '../../../core/errors.js'
import { TRANSFORMS, type Transform } from '../../../core/transform.js'
import { loadSuite, type Suite } from '../../../data/load-suite.js'
import { planTasks } from '../../../evaluation/run/plan.js'
import { dataOrder } from '../../../training/data-order.js'
import { totalSteps } from '../../../training/total-steps.js'
import type { StudyRows } from './study-rows.js'

/** Rows as a configuration names them. */
type Named = Pick<GrpoConfig, 'suite' | 'data' | 'transforms' | 'limit'>

/**
 * The rows that a configuration of the user's names: `data` or `suite` to learn from, `evaluation.data` to evaluate on, the same under every seed. Transformations are left out of upright rows only (`transforms`): other
 * rows are as they are.
 * @param parameters.evaluated at most so many tasks of an evaluation; absent: all
 * @throws UsageError where it names no rows to evaluate on, or none of them are to be evaluated.
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
  if (evaluated !== undefined && !(Number.isInteger(evaluated) && evaluated > 0))
    throw new UsageError(`--rows: expected a whole number from 1 on, got ${evaluated}`)
  const whole: Named = { suite, data, transforms: turned, limit }
  const open = opener()
  const identify = async (named: Named): Promise<unknown> => identityIn({ named, suite: await open(named) })
  const all = async (): Promise<number> => countIn({ named: whole, suite: await open(whole) })
  return {
    async most() {
      const { steps, batch } = training
      const count = await all()
      return steps === undefined ? count : Math.min(steps * batch, count)
    },
    async training({ transforms, rows }) {
      if (turned === undefined && transforms.length < TRANSFORMS.length)
        throw new UsageError(
          'transforms: expected upright rows and `transforms` in the configuration, since this study leaves some out of the training, got rows as they are',
        )
      const chosen = { transforms: among({ own: turned, asked: transforms, key: 'transforms' }) }
      const named = { suite, data, ...chosen, limit: rows === null ? limit : firstOf({ rows, limit }) }
      const steps =
        rows === null || training.steps !== undefined ? undefined : stepsOf({ training, count: await all() })
      return { ...named, steps, identity: await identify(named) }
    },
    async evaluation({ transforms }) {
      const named = { ...heldIn(held, transforms), limit: evaluated }
      return { ...named, identity: await identify(named) }
    },
    async measured({ transforms }) {
      const named = { ...heldIn(held, transforms), limit: held.limit }
      return { ...named, identity: await identify(named), every: held.every }
    },
  }
}

type Held = NonNullable<GrpoConfig['evaluation']>

function heldIn({ data, transforms }: Held, asked: readonly Transform[]): Pick<Held, 'data' | 'transforms'> {
  return { data, transforms: among({ own: transforms, asked, key: 'evaluation.transforms' }) }
}

/** Of upright rows the orientations that are asked for; absent: rows are as they are. @throws UsageError where none is left. */
function among({
  own,
  asked,
  key,
}: {
  own: readonly Transform[] | undefined
  asked: readonly Transform[]
  key: string
}): Transform[] | undefined {
  const left = own?.filter((transform) => asked.includes(transform))
  if (left?.length !== 0) return left
  throw new UsageError(
    `${key}: expected some of ${asked.join(', ')}, which this study asks for, got ${own?.join(', ') ?? 'none'}`,
  )
}

/** The first so many of the rows that a limit leaves. */
function firstOf({ rows, limit }: { rows: number; limit: GrpoConfig['limit'] }): string {
  const first = limit === undefined ? 1 : parseLimit(String(limit)).first
  return `${first}-${first + rows - 1}`
}

/** Steps in which a training goes through so many rows as often as it is told to. */
function stepsOf({
  training: { passes, batch },
  count,
}: {
  training: GrpoConfig['training']
  count: number
}): number {
  const { stepsPerPass } = dataOrder({ count, batchSize: Math.min(batch, count), seed: 0, rest: 'drop' })
  return totalSteps({ passes, stepsPerPass })
}

/** Files, which may be large, are not read again for every arm. */
function opener(): (named: Named) => Promise<Suite> {
  const known = new Map<string, Promise<Suite>>()
  return ({ suite, data, transforms }) => {
    const key = JSON.stringify([suite, data, transforms])
    const opened =
      known.get(key) ??
      loadSuite({
        suite: suite ?? data ?? '',
        ...(data !== undefined && { data }),
        ...(transforms !== undefined && { transforms }),
      })
    known.set(key, opened)
    return opened
  }
}

/** What rows are, wherever they lie. */
function identityIn({
  named: { transforms, limit },
  suite: { sha256, definition },
}: {
  named: Named
  suite: Suite
}): unknown {
  const read = definition && { ...definition, source: undefined, figures: undefined }
  return { sha256, definition: read, transforms, limit }
}

/** Different questions among them. */
async function countIn({ named: { limit }, suite }: { named: Named; suite: Suite }): Promise<number> {
  const range = limit === undefined ? null : parseLimit(String(limit))
  const { tasks } = await planTasks({
    suite,
    selection: { limit: range, sampleIds: null, shard: null },
  })
  return tasks.length
}
