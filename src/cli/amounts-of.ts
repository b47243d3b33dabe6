import { UsageError } from '../core/errors.js'
import { expectNotNegative } from './expect-not-negative.js'
import { readNumber } from './number-of.js'

/** What Ray has an argument of its own for, and refuses among resources. */
const OF_RAY = ['CPU', 'GPU', 'memory', 'object_store_memory']

/**
 * Amounts of a cluster's own resources, as pairs NAME=amount were given.
 * @param option the option as the user writes it, such as `--resource`
 * @throws UsageError for an amount that is none, and for a resource of Ray's own
 */
export function amountsOf(option: string, pairs: Record<string, string> = {}): Record<string, number> {
  return Object.fromEntries(
    Object.entries(pairs).map(([name, value]) => {
      if (OF_RAY.includes(name))
        throw new UsageError(
          `${option} ${name}: expected a resource of the cluster's own, as ray start --resources names them on a node, got one that Ray counts itself. For a job: --cpus, --gpus, --memory; for a shard: --shard-cpus.`,
        )
      const amount = readNumber({ name: `${option} ${name}`, what: 'a number', value })
      return [name, expectNotNegative({ name: `${option} ${name}`, amount })]
    }),
  )
}
