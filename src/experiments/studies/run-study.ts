import { join } from 'node:path'
import type { EvaluationConfig } from '../../config/evaluation-config.js'
import type { GrpoConfig } from '../../config/training-schema.js'
import { agentIdentity, loadAgentSettings } from '../../evaluation/run/agent-settings.js'
import { checkpointFingerprint } from '../../models/checkpoint/checkpoint-fingerprint.js'
import type { Start, TrainedArm } from './arm.js'
import { armConfig } from './arm-config.js'
import { evaluationConfig } from './evaluation-config.js'
import { identityOf } from './identity.js'
import type { MeasuredArms, MeasuredSeed } from './measured-arm.js'
import { finishedPolicy } from './read/finished-policy.js'
import { isStarted } from './read/is-started.js'
import { readMeasured } from './read/read-measured.js'
import type { StudyRows } from './rows/study-rows.js'
import type { NamedArm, Study } from './study.js'

type Mode = 'create' | 'resume'
export type Ending = 'complete' | 'incomplete' | 'interrupted' | 'stopped'

/** What trains and evaluates. Both go on with a run that is there (`resume`), and tell how they ended. */
export interface StudyEngine {
  train(run: { config: GrpoConfig; mode: Mode }): Promise<Ending>
  evaluate(run: { config: EvaluationConfig; path: string; mode: Mode }): Promise<Ending>
}

export interface RunStudyParameters {
  study: Study
  /** Of every arm. */
  base: GrpoConfig
  /** How a model is asked that answers at once. */
  direct: GrpoConfig['agent']
  /** How many trainings of each arm; their seeds follow that of the configuration. */
  seeds: number
  checkpoints: Readonly<Record<Start, string>>
  rows: StudyRows
  /** Holds the arms and evaluations of all studies: what another one has finished there is taken as it is. */
  folder: string
  engine: StudyEngine
  /** Nothing more is begun once it is aborted; what runs hears of it by itself. */
  signal: AbortSignal
  /** Told before each arm. */
  onArm?: (arm: { name: string; seed: number; place: number; of: number }) => void
  /** Told after each, of all so far. */
  onMeasured?: (measured: MeasuredArms) => Promise<void>
}

/** Train and evaluate the arms of a study that are not there yet, seed by seed; one that was interrupted goes on where it was. */
export async function runStudy(
  parameters: RunStudyParameters,
): Promise<{ status: Ending; measured: MeasuredArms }> {
  const { study, base, seeds, onArm, onMeasured } = parameters
  const measured = new Map<string, MeasuredSeed[]>()
  const list = Array.from({ length: seeds }, (_, at) => base.seed + at).flatMap((seed) =>
    study.arms.map((named) => ({ named, seed })),
  )
  const prints = fingerprints(parameters.checkpoints)
  for (const [place, { named, seed }] of list.entries()) {
    if (parameters.signal.aborted) return { status: 'interrupted', measured }
    onArm?.({ name: named.name, seed, place, of: list.length })
    const made = await makeArm({ parameters, named, seed, prints })
    if (made.status !== 'complete') return { status: made.status, measured }
    measured.set(named.name, [...(measured.get(named.name) ?? []), made.measured])
    await onMeasured?.(measured)
  }
  return { status: 'complete', measured }
}

type Made = { status: 'complete'; measured: MeasuredSeed } | { status: Exclude<Ending, 'complete'> }

async function makeArm({
  parameters,
  named: { arm },
  seed,
  prints,
}: {
  parameters: RunStudyParameters
  named: NamedArm
  seed: number
  prints: (start: Start) => Promise<string>
}): Promise<Made> {
  const { study, base, direct, checkpoints, rows, folder, engine } = parameters
  const trained =
    arm.kind === 'checkpoint'
      ? { policy: checkpoints[arm.start], identity: await prints(arm.start), training: null }
      : await trainArm({ parameters, arm, seed, print: await prints(arm.start) })
  if ('status' in trained) return trained
  if (parameters.signal.aborted) return { status: 'interrupted' }
  const isDirect = arm.kind === 'checkpoint' && arm.asked === 'direct'
  const held = await rows.evaluation({ transforms: study.transforms, seed })
  const agent = isDirect ? direct : base.agent
  const config = await evaluationConfig({ base, agent, policy: trained.policy, rows: held })
  const told = agentIdentity(await loadAgentSettings(agent))
  const name = identityOf({ policy: trained.identity, agent: told, rows: held.identity })
  const path = join(folder, 'evaluations', name)
  const evaluated = async (): Promise<MeasuredSeed | null> =>
    readMeasured({ seed, evaluation: path, training: trained.training, transforms: study.transforms })
  const earlier = await evaluated()
  if (earlier !== null) return { status: 'complete', measured: earlier }
  const status = await engine.evaluate({ config, path, mode: await modeOf(path) })
  if (status !== 'complete') return { status }
  const measured = await evaluated()
  return measured === null ? { status: 'incomplete' } : { status, measured }
}

/** The policy that an arm ends with: that which is there, or what is left of its training. */
async function trainArm({
  parameters: { base, checkpoints, rows, folder, engine },
  arm,
  seed,
  print,
}: {
  parameters: RunStudyParameters
  arm: TrainedArm
  seed: number
  print: string
}): Promise<
  { policy: string; identity: string; training: string } | { status: Exclude<Ending, 'complete'> }
> {
  const { transforms, measuredOn } = arm
  const { config, identity } = armConfig({
    base,
    arm,
    seed,
    start: { path: checkpoints[arm.start], fingerprint: print },
    rows: await rows.training({ transforms, rows: arm.rows, seed }),
    measured: await rows.measured({ transforms: measuredOn, seed }),
    agent: agentIdentity(await loadAgentSettings(base.agent)),
    folder: join(folder, 'arms'),
  })
  const training = join(config.output, config.name)
  const earlier = await finishedPolicy(training)
  if (earlier !== null) return { policy: earlier, identity, training }
  const status = await engine.train({ config, mode: await modeOf(training) })
  if (status !== 'complete') return { status }
  const policy = await finishedPolicy(training)
  return policy === null ? { status: 'incomplete' } : { policy, identity, training }
}

async function modeOf(path: string): Promise<Mode> {
  return (await isStarted(path)) ? 'resume' : 'create'
}

/** Checkpoints are read once, however many arms begin with them. */
function fingerprints(checkpoints: RunStudyParameters['checkpoints']): (start: Start) => Promise<string> {
  const known = new Map<Start, Promise<string>>()
  return (start) => {
    const print = known.get(start) ?? checkpointFingerprint(checkpoints[start])
    known.set(start, print)
    return print
  }
}
