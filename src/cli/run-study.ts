import { join } from 'node:path'
import { loadEvaluationConfig } from '../config/evaluation-config.js'
import { loadGrpoSettings } from '../config/training-config.js'
import type { GrpoConfig } from '../config/training-schema.js'
import { UsageError } from '../core/errors.js'
import type { Interrupts } from '../evaluation/run/evaluate.js'
import { describeBasis, describeFinding, describeVerdict } from '../experiments/studies/describe-finding.js'
import { findingsOf } from '../experiments/studies/findings.js'
import { openStudy } from '../experiments/studies/open-study.js'
import { studyPage } from '../experiments/studies/page/study-page.js'
import { boardRows } from '../experiments/studies/rows/board-rows.js'
import { configuredRows } from '../experiments/studies/rows/configured-rows.js'
import { runStudy, type Ending, type StudyEngine } from '../experiments/studies/run-study.js'
import { studyFigures } from '../experiments/studies/study-figures.js'
import type { StudyName } from '../experiments/studies/study.js'
import { packageDirectory } from '../setup/package-paths.js'
import { openOutputFile } from '../store/output-file.js'
import { openOutputFolder } from '../store/output-folder.js'
import { loadTools } from '../wiring.js'
import { commandLineWithServers, documentedCommand } from './command-line.js'
import { drawBoards } from './draw-boards.js'
import { evaluateConfig } from './evaluate-config.js'
import type { StudyArguments } from './experiment-study.js'
import { listenToFinish } from './interrupts.js'
import { expectCheckpoints, hasCheckpoint, studyCheckpoints } from './study-checkpoints.js'
import { trainGrpoConfig } from './train-grpo.js'

/** Boards of an evaluation. */
const BOARDS = 240

/** Different questions of the smaller arms of `scaling`, in steps that they fill. */
const BATCHES = [4, 16]

/** Make the arms of a study that are not there yet, write its page after each, and print what it found. */
export async function runStudyCommand({
  name,
  given,
}: {
  name: StudyName
  given: StudyArguments
}): Promise<{ status: Ending }> {
  expectCount('--seeds', given.seeds)
  if (given.steps !== undefined) expectCount('--steps', given.steps)
  const mini = join(packageDirectory(), 'configs', 'mini')
  const path = given.config ?? join(mini, 'study.yaml')
  const base = withSteps({ config: await loadGrpoSettings({ path }), steps: given.steps })
  const isOnBoards = base.data === undefined && base.suite === undefined
  const named = studyCheckpoints({
    folder: given.checkpoints,
    own: given.config === undefined ? null : base.model.path,
    early: given.early ?? null,
  })
  const rows = isOnBoards
    ? boardRows({
        folder: join(given.output, 'boards'),
        training: base.training,
        evaluated: given.rows ?? BOARDS,
        write: drawBoards,
      })
    : configuredRows({ config: base, evaluated: given.rows })
  const study = openStudy({
    name,
    choices: {
      heldOut: given['held-out'] ?? [],
      beta1: given.beta1 ?? [],
      beta2: given.beta2 ?? [],
      rowCounts: given['row-counts'] ?? BATCHES.map((count) => count * base.training.batch),
      isEarly: given.early !== undefined,
    },
    hasTrained: await hasCheckpoint(named.rl),
    most: name === 'scaling' ? await rows.most() : null,
    batch: base.training.batch,
  })
  const checkpoints = await expectCheckpoints({ study, checkpoints: named })
  const direct = isOnBoards
    ? (await loadEvaluationConfig({ path: join(mini, 'eval-direct.yaml'), overrides: { data: path } })).agent
    : { ...base.agent, tools: false, describeTools: false, systemPrompt: undefined }
  const json = given.json === undefined ? null : await openOutputFile({ path: given.json, option: '--json' })
  const folder = await openOutputFolder(given.output)
  const words = process.argv.slice(2)
  const again = commandLineWithServers(words)
  const interrupts = listenToFinish({ again })
  try {
    const { status, measured } = await runStudy({
      ...{ study, base, direct, checkpoints, rows },
      tools: loadTools(base.sandbox.tools),
      seeds: given.seeds,
      folder: folder.path,
      engine: engineOf({ again, interrupts }),
      signal: interrupts.drain,
      onArm: ({ name: arm, seed, place, of }) =>
        console.error(`\nArm ${place + 1} of ${of}: ${arm}, seed ${seed}`),
      onMeasured: async (so) =>
        folder.write(
          `${name}.html`,
          await studyPage({
            study,
            measured: so,
            base,
            command: documentedCommand(words),
            seeds: given.seeds,
            folder: folder.path,
            output: given.output,
          }),
        ),
    })
    if (status !== 'complete') return { status }
    const findings = findingsOf({ study, measured })
    console.log(`\n${study.title}\n${describeVerdict(findings)} ${describeBasis(findings) ?? ''}`)
    for (const finding of findings.list) console.log(`* ${describeFinding(finding)}`)
    console.log(`Report: ${join(folder.path, `${name}.html`)}`)
    await json?.write(`${JSON.stringify(studyFigures({ study, measured }), null, 2)}\n`)
    return { status }
  } finally {
    interrupts.stop()
  }
}

/** Trainings and evaluations as their own commands run them. */
function engineOf({ again, interrupts }: { again: string; interrupts: Interrupts }): StudyEngine {
  return {
    train: async ({ config, mode }) => (await trainGrpoConfig({ config, mode, again, interrupts })).status,
    evaluate: async ({ config, path, mode }) =>
      (await evaluateConfig({ config, run: { path, mode }, resumeCommand: again, interrupts })).status,
  }
}

function withSteps({ config, steps }: { config: GrpoConfig; steps: number | undefined }): GrpoConfig {
  return steps === undefined ? config : { ...config, training: { ...config.training, steps } }
}

function expectCount(option: string, value: number): void {
  if (Number.isInteger(value) && value > 0) return
  throw new UsageError(`${option}: expected a whole number from 1 on, got ${value}`)
}
