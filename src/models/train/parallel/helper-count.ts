import { availableParallelism, totalmem } from 'node:os'
import { UsageError } from '../../../core/errors.js'
import type { BackendName } from '../../backend/open-backend.js'
import type { ModelConfig } from '../../config/model-config.js'
import { memoryNeed } from '../../weights/memory-need.js'
import { helperNeed } from '../training-need.js'
import type { Trains } from '../trains.js'

/** A smaller model is trained by one thread unless others are asked for. */
const LEAST_PARAMETERS = 100_000
/** For what a helper computes on the way. */
const WORKSPACE = 2 ** 28
/** Of the machine's memory, at most so much is taken by helpers that nobody asked for. */
const SHARE = 1 / 2

/**
 * How many helper threads train a model: on `wasm`, which computes in one thread, `workers`, or else one for each core but the first, as far as a model is large enough to gain by them and they fit into
 * memory; none on other backends. Each has a heap of its own, so what one WebAssembly heap holds does not bound them.
 * @throws UsageError when as many as are asked for do not fit into memory.
 */
export function helperCount({
  backend,
  config,
  trains,
  workers,
  cores = availableParallelism(),
  memoryBytes = totalmem(),
}: {
  backend: BackendName
  config: ModelConfig
  trains: Trains
  workers?: number | undefined
  cores?: number
  memoryBytes?: number
}): number {
  if (backend !== 'wasm') return 0
  const need = helperNeed({ config, trains }) + WORKSPACE
  if (workers === undefined) {
    const fitting = Math.floor((SHARE * memoryBytes) / need)
    return memoryNeed(config).parameters < LEAST_PARAMETERS ? 0 : Math.min(cores - 1, fitting)
  }
  if (!Number.isInteger(workers) || workers < 0)
    throw new UsageError(`workers: expected a whole number from 0, got ${workers}`)
  if (workers * need > memoryBytes)
    throw new UsageError(
      `workers: expected as many as fit into this machine's memory (${Math.floor(memoryBytes / need)}; each holds the model once more), got ${workers}`,
    )
  return workers
}
