import { join } from 'node:path'
import type { EvaluationConfig } from '../../config/evaluation-config.js'
import type { GrpoConfig } from '../../config/training-schema.js'
import type { HostTools } from '../../core/host-tool.js'
import { agentIdentity, loadAgentSettings } from '../../evaluation/run/agent-settings.js'
import { checkpointFingerprint } from '../../models/checkpoint/checkpoint-fingerprint.js'
import type { Json } from '../../store/manifest.js'
import type { Start } from './arm.js'
import { armConfig } from './arm-config.js'
import { conditionsOf } from './conditions.js'
import { evaluationConfig } from './evaluation-config.js'
import { identityOf } from './identity.js'
import type { MeasuredArms, MeasuredSeed } from './measured-arm.js'
import { plannedArms, type PlannedArm, type PlannedTraining } from './planned-arms.js'
import { finishedPolicy } from './read/finished-policy.js'
import { isStarted } from './read/is-started.js'
import { readMeasured } from './read/read-measured.js'
import type { StudyRows } from './rows/study-rows.js'
import type { Study } from './study.js'

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
  /** Functions that code can call: those of the configuration. */
  tools: HostTools
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
  const { study, base, direct, tools, rows, onArm, onMeasured } = parameters
  const measured = new Map<string, MeasuredSeed[]>()
  const told: Told = {
    tools: agentIdentity(await loadAgentSettings(base.agent, tools)),
    direct: agentIdentity(await loadAgentSettings(direct, tools)),
  }
  const seeds = Array.from({ length: parameters.seeds }, (_, at) => base.seed + at)
  const list = await plannedArms({ study, rows, seeds })
  const prints = fingerprints(parameters.checkpoints)
  for (const [place, planned] of list.entries()) {
    const { named, seed } = planned
    if (parameters.signal.aborted) return { status: 'interrupted', measured }
    onArm?.({ name: named.name, seed, place, of: list.length })
    const made = await makeArm({ parameters, planned, told, prints })
    if (made.status !== 'complete') return { status: made.status, measured }
    measured.set(named.name, [...(measured.get(named.name) ?? []), made.measured])
    await onMeasured?.(measured)
  }
  return { status: 'complete', measured }
}

type Made = { status: 'complete'; measured: MeasuredSeed } | { status: Exclude<Ending, 'complete'> }

/** What a model is told and allowed, as a manifest has it, with the tool and where it answers at once. */
type Told = Readonly<Record<'tools' | 'direct', Json>>

async function makeArm({
  parameters,
  planned: { named, seed, training, held },
  told,
  prints,
}: {
  parameters: RunStudyParameters
  planned: PlannedArm
  told: Told
  prints: (start: Start) => Promise<string>
}): Promise<Made> {
  const { study, base, direct, checkpoints, folder, engine } = parameters
  const { arm } = named
  const print = await prints(arm.start)
  const trained =
    training === null
      ? { policy: checkpoints[arm.start], identity: print, training: null }
      : await trainArm({ parameters, training, seed, print, told })
  if ('status' in trained) return trained
  if (parameters.signal.aborted) return { status: 'interrupted' }
  const isDirect = arm.kind === 'checkpoint' && arm.asked === 'direct'
  const agent = isDirect ? direct : base.agent
  const config = await evaluationConfig({ base, agent, policy: trained.policy, rows: held })
  const name = identityOf({
    policy: trained.identity,
    agent: isDirect ? told.direct : told.tools,
    rows: held.identity,
    ...conditionsOf(base),
  })
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
  parameters: { base, checkpoints, folder, engine },
  training: { arm, rows, measured },
  seed,
  print,
  told,
}: {
  parameters: RunStudyParameters
  training: PlannedTraining
  seed: number
  print: string
  told: Told
}): Promise<
  { policy: string; identity: string; training: string } | { status: Exclude<Ending, 'complete'> }
> {
  const { config, identity } = armConfig({
    base,
    arm,
    seed,
    start: { path: checkpoints[arm.start], fingerprint: print },
    rows,
    measured,
    agent: told.tools,
    folder: join(folder, 'arms'),
  })
  const path = join(config.output, config.name)
  const earlier = await finishedPolicy(path)
  if (earlier !== null) return { policy: earlier, identity, training: path }
  const status = await engine.train({ config, mode: await modeOf(path) })
  if (status !== 'complete') return { status }
  const policy = await finishedPolicy(path)
  return policy === null ? { status: 'incomplete' } : { policy, identity, training: path }
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
