import { rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { isThere } from '../config/is-there.js'
import { torchProcessEnvironment } from '../config/torch-environment.js'
import { loadGrpoConfig } from '../config/training-config.js'
import type { GrpoConfig } from '../config/training-schema.js'
import { modelOn, type MiniEngine } from '../experiments/mini/engines/mini-engine.js'
import type { OpenStageEngine } from '../experiments/mini/engines/stage-engine.js'
import type { GrpoStage, RecipeStage, SupervisedStage } from '../experiments/mini/recipe/recipe-config.js'
import { stageProgress } from '../experiments/mini/recipe/stage-progress.js'
import { keepBeginning } from '../experiments/mini/recipe/keep-beginning.js'
import { supervisedIdentity } from '../experiments/mini/recipe/supervised-identity.js'
import { trainSupervisedStage } from '../experiments/mini/recipe/train-supervised-stage.js'
import { checkpointFingerprint } from '../models/checkpoint/checkpoint-fingerprint.js'
import { lastingSettings } from '../training/lasting-settings.js'
import { torchPython } from '../wiring.js'
import { drawBoards } from './draw-boards.js'
import { listenForInterrupts, listenToFinish } from './interrupts.js'
import { EXIT } from './report-failure.js'
import { createStageDisplay } from './stage-display.js'
import { trainGrpoConfig } from './train-grpo.js'

/** Of one stage; what it leaves lies in a folder of its name. */
interface StageParameters<Stage extends RecipeStage> {
  stage: Stage
  /** Folder that holds those of the stages. */
  output: string
  /** Checkpoint to begin with; null: new weights. */
  from: string | null
  engine: MiniEngine
  /** The command that goes on. */
  again: string
}

const warn = (line: string): void => console.error(line)

/**
 * Train a stage of the mini experiment, go on where it stopped, or leave it as it is where it is finished.
 * @throws UsageError where it began with something else than it is given now.
 */
export async function trainMiniStage({
  stage,
  ...rest
}: StageParameters<RecipeStage>): Promise<'finished' | 'interrupted'> {
  const folder = join(rest.output, stage.name)
  const isStopped =
    stage.kind === 'supervised'
      ? await trainSupervised({ stage, ...rest })
      : await trainGrpo({ stage, ...rest })
  return !isStopped && (await stageProgress({ folder, stage })).isFinished ? 'finished' : 'interrupted'
}

/** Whether Ctrl-C was pressed: after the last step too, nothing else is to be begun. */
type IsStopped = boolean

async function trainSupervised({
  stage,
  output,
  from,
  engine,
  again,
}: StageParameters<SupervisedStage>): Promise<IsStopped> {
  const { name, config } = stage
  const folder = join(output, name)
  const start = await startOf(from ?? config.from ?? null)
  const progress = await stageProgress({ folder, stage })
  await keepBeginning({
    folder,
    values: {
      from: start.content,
      config: supervisedIdentity(config),
      // Each engine has checkpoints of its own. That in this process is not named, as it was the only one once.
      ...(engine !== 'tfjs' && { engine }),
    },
    inWords: { from: start.inWords, engine: `--engine ${engine}` },
    isBegun: progress.isBegun,
  })
  if (!progress.isBegun) await forgetEvaluation({ output, stage: name })
  if (progress.isFinished) return isFinishedBefore(name)
  const display = createStageDisplay({ name, steps: config.steps, print: warn })
  const interrupts = listenForInterrupts({
    onDrain: () => {
      display.stop()
      warn(`\nFinishing the step, which is saved; Ctrl-C again ends it. To go on later: ${again}`)
    },
    onCancel: () => {
      warn('\nStopping; the last checkpoint stands.')
      // Whatever is being drawn, computed or saved is left. Checkpoints appear whole or not at all, and the lock of a process that is gone is taken over.
      process.exit(EXIT.interrupted)
    },
  })
  try {
    await trainSupervisedStage({
      ...{ config, folder, from, onEvent: display.onEvent, signal: interrupts.drain },
      openEngine: engine === 'torch' ? await openTorch() : undefined,
    })
    return interrupts.drain.aborted
  } finally {
    display.stop()
    interrupts.stop()
  }
}

/** The configuration of a GRPO stage. @throws UsageError as {@link loadGrpoConfig}, and where the engine cannot train what it says. */
export async function grpoStageConfig({
  stage,
  output,
  from,
  engine,
}: Omit<StageParameters<GrpoStage>, 'again'>): Promise<GrpoConfig> {
  const { name, path, seed } = stage
  const overrides = {
    ...(from !== null && { model: from }),
    ...(seed !== null && { seed }),
    data: rowsOf(drawnFolder({ stage, output })),
    ...{ name, output },
  }
  const loaded = await loadGrpoConfig({ path, overrides })
  return { ...loaded, model: modelOn({ engine, model: loaded.model }) }
}

/** Where the boards of a stage lie. */
function drawnFolder({ stage: { name }, output }: { stage: GrpoStage; output: string }): string {
  return join(output, `${name}-boards`)
}

const rowsOf = (folder: string): string => join(folder, 'rows.parquet')

async function trainGrpo({
  stage,
  output,
  from,
  engine,
  again,
}: StageParameters<GrpoStage>): Promise<IsStopped> {
  const { name, boards, rows } = stage
  const folder = join(output, name)
  const drawn = drawnFolder({ stage, output })
  const config = await grpoStageConfig({ stage, output, from, engine })
  const start = await startOf(config.model.path)
  const isBegun = await isThere(join(folder, 'manifest.json'))
  const beginning = await keepBeginning({
    folder,
    values: { from: start.content, boards: { ...boards, rows }, settings: lastingSettings(config) },
    inWords: { from: start.inWords },
    isBegun,
  })
  // Boards of a beginning that came to nothing.
  if (beginning === 'new') await rm(drawn, { recursive: true, force: true })
  if (!isBegun) await forgetEvaluation({ output, stage: name })
  if ((await stageProgress({ folder, stage })).isFinished) return isFinishedBefore(name)
  if (!(await isThere(rowsOf(drawn)))) {
    warn(`${name}: drawing ${rows} boards into ${drawn}`)
    await drawBoards({ config: boards, folder: drawn, rows, split: 'train' })
  }
  const interrupts = listenToFinish({ again })
  try {
    await trainGrpoConfig({ config, mode: isBegun ? 'resume' : 'create', again, interrupts })
    return interrupts.drain.aborted
  } finally {
    interrupts.stop()
  }
}

/** What was measured of a training of this stage that was removed: nothing of it has begun. */
async function forgetEvaluation({ output, stage }: { output: string; stage: string }): Promise<void> {
  const run = join(output, 'evaluation', stage)
  if (!(await isThere(join(run, 'manifest.json')))) return
  await rm(join(output, 'evaluation.json'), { force: true })
  await rm(run, { recursive: true })
}

function isFinishedBefore(name: string): IsStopped {
  warn(`${name}: finished before`)
  return false
}

/** The engine of PyTorch for supervised stages. @throws UsageError where it is not installed. */
async function openTorch(): Promise<OpenStageEngine> {
  const { torchStageEngine } = await import('../experiments/mini/engines/torch-stage-engine.js')
  return torchStageEngine({ python: await torchPython(), environment: torchProcessEnvironment() })
}

/** What a stage begins with, by its content and for a reader; null: new weights. */
async function startOf(checkpoint: string | null): Promise<{ content: string | null; inWords: string }> {
  if (checkpoint === null) return { content: null, inWords: 'new weights' }
  return { content: await checkpointFingerprint(checkpoint), inWords: resolve(checkpoint) }
}
