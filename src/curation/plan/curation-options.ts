import { z } from 'zod'
import { didYouMean } from '../../config/did-you-mean.js'
import { CURATION_TYPES, PROVOCATIONS, type CurationType, type Provocation } from '../../core/curation.js'
import { UsageError } from '../../core/errors.js'

/** Shares of the curation types; they need not add up to 1. */
export type Mix = Readonly<Record<CurationType, number>>

/** Ours: the paper says that types are sampled by ratio, and gives none. */
export const DEFAULT_MIX: Mix = {
  'single-tool': 0.3,
  'multi-tool': 0.25,
  'multi-crop': 0.2,
  'error-handling': 0.15,
  'no-tool': 0.1,
}

export interface CurationOptions {
  /** Trajectories that are planned. */
  readonly count: number
  readonly seed: string
  readonly mix: Mix
  /** Of `error-handling`, each equally often. */
  readonly provocations: readonly Provocation[]
  /** Trajectories that are tried for one item before it is dropped. */
  readonly attempts: number
}

const schema = z.object({
  count: z.number().int().positive().max(10_000_000),
  attempts: z.number().int().positive().max(100),
})

/**
 * Check what a set is to be.
 * @throws UsageError naming the option, what was expected and what came.
 */
export function checkCurationOptions(given: CurationOptions): CurationOptions {
  const { error } = schema.safeParse(given)
  const [issue] = error?.issues ?? []
  if (issue !== undefined) {
    const name = String(issue.path[0])
    const got = String(given[name as keyof CurationOptions])
    throw new UsageError(`--${name}: expected a whole number from 1, got ${got}`)
  }
  if (given.mix['error-handling'] > 0 && given.provocations.length === 0)
    throw new UsageError('--provocations: expected one at least, since the mix has error-handling')
  return { ...given, provocations: PROVOCATIONS.filter((name) => given.provocations.includes(name)) }
}

/**
 * Read shares as they are written on a command line: `single-tool=0.3,no-tool=0.1`; a type that is not named has none.
 * @throws UsageError for an unknown type or a share that is no number from 0.
 */
export function parseMix(text: string): Mix {
  const mix: Record<CurationType, number> = {
    'single-tool': 0,
    'multi-tool': 0,
    'multi-crop': 0,
    'error-handling': 0,
    'no-tool': 0,
  }
  for (const part of text.split(',')) {
    const [name = '', share = ''] = part.split('=').map((piece) => piece.trim())
    const type = CURATION_TYPES.find((known) => known === name)
    if (type === undefined) {
      const meant = didYouMean({ given: name, candidates: CURATION_TYPES })
      throw new UsageError(
        `--mix: expected types out of ${CURATION_TYPES.join(', ')}, each with its share (single-tool=0.3), got "${part}"${meant === null ? '' : `; did you mean ${meant}?`}`,
      )
    }
    const value = share === '' ? NaN : Number(share)
    if (!Number.isFinite(value) || value < 0)
      throw new UsageError(`--mix: expected a share of ${name} from 0, such as ${name}=0.3, got "${part}"`)
    mix[type] = value
  }
  if (Object.values(mix).every((share) => share === 0))
    throw new UsageError(`--mix: expected one type with a share above 0, got "${text}"`)
  return mix
}
