import { join } from 'node:path'
import { loadToolDescription } from './agent/load-prompt.js'
import { CODE_IMAGE_TOOL } from './agent/tool-description.js'
import type { SftConfig } from './config/training-schema.js'
import { UsageError } from './core/errors.js'
import { openTogether } from './core/open-together.js'
import { sourceConversations } from './curation/export/source-conversations.js'
import { openTrainingSource } from './curation/export/training-source.js'
import type { Conversation } from './data/conversations/conversation.js'
import type { OpenedTraining, OpenTrainingParameters } from './opened-training.js'
import { readModelConfig } from './models/config/read-config.js'
import { openRun } from './store/open-run.js'
import { tryRunFolder } from './store/try-run-folder.js'
import { conversationExamples } from './training/conversation-examples.js'
import { dataOrder } from './training/data-order.js'
import { holdOut } from './training/hold-out.js'
import type { TrainSftParameters } from './training/sft.js'
import { startingModel } from './training/starting-model.js'
import { totalSteps } from './training/total-steps.js'
import type { TrainingExamples } from './training/training-examples.js'
import { trainingIdentity } from './training/training-identity.js'
import { trainingManifest } from './training/training-manifest.js'
import { warmupOf } from './training/warmup-of.js'
import { whatIsTrained } from './training/what-is-trained.js'
import { loadTrainablePolicy } from './wiring.js'

const SHOWN_PROBLEMS = 5

export type OpenSftParameters = OpenTrainingParameters<SftConfig>

/**
 * Open what a configuration of a fine-tuning names (conversations, policy, run folder) as what `trainSft` takes.
 * @throws UsageError, DataError, StoreError for what cannot be had; nothing is left open then.
 */
export async function openSft({
  config,
  mode = 'create',
  onWarning = (message) => process.emitWarning(message),
  onPlanned = () => undefined,
}: OpenSftParameters): Promise<OpenedTraining<TrainSftParameters>> {
  const { value: parameters, close } = await openTogether(async (willClose): Promise<TrainSftParameters> => {
    const { training, seed, heldOut } = config
    const { examples, held } = await loadExamples({ config, onWarning })
    const { batch } = training
    const { stepsPerPass } = dataOrder({ count: examples.count, batchSize: batch, seed, rest: 'keep' })
    const steps = totalSteps({ ...training, stepsPerPass })
    onPlanned(`${examples.count} conversations, ${stepsPerPass} steps a pass, ${steps} in all`)
    const path = join(config.output, config.name)
    const data = { sha256: examples.sha256, rows: examples.count }
    const identity = trainingIdentity({ kind: 'sft', data, config })
    await tryRunFolder({ path, mode, identity })
    onPlanned(whatIsTrained({ config: await readModelConfig(config.model.path), model: config.model }))
    const policy = await loadTrainablePolicy(config.model, { seed })
    willClose(() => policy.close?.())
    const resumed = mode === 'resume' ? path : null
    const manifest = await trainingManifest({
      head: {
        ...{ suite: 'conversations', scoring: 'none', judge: 'none', epochs: 1, planned: 0 },
        policy: { name: policy.name, model: await startingModel({ resumed, model: policy.model }) },
      },
      identity,
      data: config.data.join(', '),
      config,
    })
    const run = await openRun({ path, mode, manifest })
    willClose(() => run.close())
    return {
      run,
      policy,
      examples,
      settings: {
        ...training,
        seed,
        totalSteps: steps,
        schedule: { kind: training.schedule, warmup: warmupOf(training.warmup) },
      },
      checkpoints: config.checkpoints,
      ...(held !== null && { heldOut: { examples: held, every: heldOut?.every ?? Infinity } }),
    }
  })
  return { parameters, close }
}

async function loadExamples({
  config,
  onWarning,
}: {
  config: SftConfig
  onWarning: (message: string) => void
}): Promise<{ examples: TrainingExamples; held: TrainingExamples | null }> {
  const { heldOut, limit, maxPixels, seed } = config
  const description =
    config.toolDescription === undefined
      ? CODE_IMAGE_TOOL
      : await loadToolDescription({ path: config.toolDescription })
  const tools = config.tools ? [description] : []
  const examplesOf = (conversations: readonly Conversation[]): TrainingExamples =>
    conversationExamples({ conversations, tools, maxPixels })
  const all = (await readAll({ paths: config.data, config, onWarning })).slice(0, limit)
  if (heldOut?.data !== undefined)
    return {
      examples: examplesOf(all),
      held: examplesOf(await readAll({ paths: [heldOut.data], config, onWarning })),
    }
  if (heldOut?.count === undefined) return { examples: examplesOf(all), held: null }
  const { kept, held } = holdOut({ items: all, count: heldOut.count, seed })
  return { examples: examplesOf(kept), held: examplesOf(held) }
}

/** @throws UsageError where there is none. */
async function readAll({
  paths,
  config: { outcomes },
  onWarning,
}: {
  paths: readonly string[]
  config: SftConfig
  onWarning: (message: string) => void
}): Promise<Conversation[]> {
  const conversations: Conversation[] = []
  const leftOut = new Map<string, number>()
  let problems = 0
  for (const path of paths) {
    const source = await openTrainingSource(path)
    for await (const conversation of sourceConversations({
      source,
      images: 'view',
      outcomes,
      onLeftOut: (reason) => leftOut.set(reason, (leftOut.get(reason) ?? 0) + 1),
      onProblem: (problem) => {
        if (problems++ < SHOWN_PROBLEMS) onWarning(`Left out: ${problem.message}`)
      },
    }))
      conversations.push(conversation)
  }
  if (problems > SHOWN_PROBLEMS) onWarning(`… and ${problems - SHOWN_PROBLEMS} more were left out`)
  for (const [reason, count] of leftOut) onWarning(`Left out: ${count} × ${reason}`)
  if (conversations.length === 0)
    throw new UsageError(`${paths.join(', ')}: expected conversations to learn from, got none`)
  return conversations
}
