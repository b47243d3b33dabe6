import { rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { CODE_IMAGE_TOOL } from '../../agent/tool-description.js'
import { isThere } from '../../config/is-there.js'
import { makeFolder } from '../../config/make-folder.js'
import { removeEmptyFolders } from '../../config/remove-empty-folders.js'
import { UsageError } from '../../core/errors.js'
import type { Transform } from '../../core/transform.js'
import { writeAtomic } from '../../store/write-atomic.js'
import type { ScoredRun } from '../scored-run.js'
import { machineFailure } from './machine-failure.js'
import { verifiersEpisode, type VerifiersRun } from './verifiers-episode.js'

const TRACES_FILE = 'traces.jsonl'
/** Beside it: by this file verifiers knows the folder of a run. Which rules score anew, its caller says. */
const CONFIG_FILE = 'configs/resolved/eval.json'

/** What was written, and what was left out. */
export interface VerifiersExport {
  episodes: number
  /** Of them, those that failed by the machine's fault. */
  failed: number
  /** Samples of other epochs than the one that was asked for. */
  otherEpochs: number
}

/**
 * Write a run as the folder of a run of verifiers, with the images that the model saw: for its viewers, its judges and rules (`vf-replay`), and trainers that read its traces. One sample is held at a time.
 * @param parameters.transform samples of one transformation only; null: all. @param parameters.epoch samples of one epoch, from 0; null: all.
 * @throws UsageError where the folder has such a run already, or no sample is left; StoreError where it cannot be written, or an image of the run is gone.
 */
export async function exportVerifiers({
  scored,
  folder,
  transform = null,
  epoch = null,
}: {
  scored: ScoredRun
  folder: string
  transform?: Transform | null
  epoch?: number | null
}): Promise<VerifiersExport> {
  const path = join(folder, TRACES_FILE)
  if (await isThere(path))
    throw new UsageError(
      `${path}: expected no run of verifiers there, got one; choose another folder (--output)`,
    )
  const run = verifiersRun(scored)
  const result = { episodes: 0, failed: 0, otherEpochs: 0 }
  const lines = async function* (): AsyncGenerator<string> {
    for await (const sample of scored.samples()) {
      if (transform !== null && sample.transform !== transform) continue
      if (epoch !== null && sample.epoch !== epoch) {
        result.otherEpochs += 1
        continue
      }
      result.episodes += 1
      if (machineFailure(sample) !== null) result.failed += 1
      yield `${jsonText(await verifiersEpisode({ sample, run }))}\n`
    }
    if (result.episodes === 0)
      throw new UsageError(
        `${scored.run.path}: expected samples${epoch === null ? '' : ` of epoch ${epoch}`}${transform === null ? '' : ` of transformation ${transform}`}, got none`,
      )
  }
  const advice = 'choose another folder (--output)'
  const made = await makeFolder(dirname(join(folder, CONFIG_FILE)))
  const config = { env: {}, model: run.model, sampling: run.sampling }
  try {
    // First, so that traces are there only where the folder is whole.
    await writeAtomic({ path: join(folder, CONFIG_FILE), data: `${jsonText(config)}\n`, advice })
    await writeAtomic({ path, data: lines(), advice })
  } catch (error) {
    await rm(join(folder, CONFIG_FILE), { force: true })
    await removeEmptyFolders(made)
    throw error
  }
  return result
}

/** Halves of characters, which a model can write, are no UTF-8: verifiers could read them and not write them. */
function jsonText(value: unknown): string {
  return JSON.stringify(value, (_, one: unknown) =>
    typeof one === 'string' ? Buffer.from(one).toString() : one,
  )
}

const identitySchema = z.object({
  agent: z
    .object({
      tools: z.array(z.string()).catch([]),
      limits: z.object({ turns: z.number().int(), tokensPerTurn: z.number().int() }).partial().catch({}),
    })
    .partial()
    .catch({}),
  settings: z
    .object({
      policy: z.object({ temperature: z.number(), topP: z.number() }).partial().catch({}),
    })
    .partial()
    .catch({}),
})

function verifiersRun({ run, name, head }: ScoredRun): VerifiersRun {
  const { agent = {}, settings = {} } = identitySchema.parse(run.manifest.identity)
  const { temperature, topP: top_p } = settings.policy ?? {}
  return {
    name,
    began: Date.parse(run.manifest.createdAt) / 1000,
    model: head.policy.model,
    sampling: { temperature, top_p, max_tokens: agent.limits?.tokensPerTurn },
    maxTurns: agent.limits?.turns ?? null,
    tools: [CODE_IMAGE_TOOL].filter(({ name }) => agent.tools?.includes(name)),
    urlOf: async ({ sha256 }) =>
      `data:image/png;base64,${(await run.images.read(sha256)).toString('base64')}`,
  }
}
