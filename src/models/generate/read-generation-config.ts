import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { readJsonFile } from '../read-json-file.js'
import type { Sampling } from './choose-token.js'

/** What a checkpoint says of how it wants to be sampled. */
export interface GenerationConfig {
  /** Tokens that end a turn. */
  readonly stopIds: readonly number[]
  readonly sampling: Sampling
}

const schema = z.object({
  eos_token_id: z.union([z.number().int(), z.array(z.number().int())]).nullish(),
  do_sample: z.boolean().nullish(),
  temperature: z.number().min(0).nullish(),
  top_p: z.number().gt(0).max(1).nullish(),
  top_k: z.number().int().min(0).nullish(),
})

const GREEDY: Sampling = { temperature: 0, topP: 1, topK: 0 }

/** Read `generation_config.json`; greedy where it does not ask for sampling, no stop token where there is no such file. @throws UsageError when it is damaged. */
export async function readGenerationConfig(directory: string): Promise<GenerationConfig> {
  const path = join(directory, 'generation_config.json')
  if ((await stat(path).catch(() => null)) === null) return { stopIds: [], sampling: GREEDY }
  const given = await readJsonFile({ path, schema })
  const stop = given.eos_token_id ?? []
  return {
    stopIds: Array.isArray(stop) ? stop : [stop],
    sampling:
      given.do_sample === true
        ? { temperature: given.temperature ?? 1, topP: given.top_p ?? 1, topK: given.top_k ?? 0 }
        : GREEDY,
  }
}
