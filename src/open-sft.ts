import { join } from 'node:path'
import type { SftConfig } from './config/training-schema.js'
import { openTogether } from './core/open-together.js'
import type { OpenedTraining, OpenTrainingParameters } from './opened-training.js'
import { readModelConfig } from './models/config/read-config.js'
import { openRun } from './store/open-run.js'
import { tryRunFolder } from './store/try-run-folder.js'
import { dataOrder } from './training/data-order.js'
import { loadExamples } from './training/load-examples.js'
import { recordedExamples } from './training/recorded-examples.js'
import type { TrainSftParameters } from './training/sft.js'
import { startingModel } from './training/starting-model.js'
import { totalSteps } from './training/total-steps.js'
import { trainingIdentity } from './training/training-identity.js'
import { trainingManifest } from './training/training-manifest.js'
import { warmupOf } from './training/warmup-of.js'
import { whatIsTrained } from './training/what-is-trained.js'
import { loadConversationCheck, loadTrainablePolicy } from './wiring.js'

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
    const path = join(config.output, config.name)
    const resumed = mode === 'resume' ? path : null
    // What is wrong with the run is told before anything is read for long.
    await tryRunFolder({ path, mode, identity: {} })
    const check = await loadConversationCheck(config.model)
    const loaded = await loadExamples({ config, check, onWarning })
    const { held } = loaded
    const examples = await recordedExamples({ resumed, examples: loaded.examples })
    const { batch } = training
    const { stepsPerPass } = dataOrder({ count: examples.count, batchSize: batch, seed, rest: 'keep' })
    const steps = totalSteps({ ...training, stepsPerPass })
    const warmup = warmupOf({ warmup: training.warmup, totalSteps: steps })
    onPlanned(`${examples.count} conversations, ${stepsPerPass} steps a pass, ${steps} in all`)
    const data = { sha256: examples.sha256, rows: examples.count }
    const identity = trainingIdentity({ kind: 'sft', data, config })
    await tryRunFolder({ path, mode, identity })
    onPlanned(whatIsTrained({ config: await readModelConfig(config.model.path), model: config.model }))
    const policy = await loadTrainablePolicy(config.model, { seed })
    willClose(() => policy.close?.())
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
        schedule: { kind: training.schedule, warmup },
      },
      checkpoints: config.checkpoints,
      ...(held !== null && { heldOut: { examples: held, every: heldOut?.every ?? Infinity } }),
    }
  })
  return { parameters, close }
}
