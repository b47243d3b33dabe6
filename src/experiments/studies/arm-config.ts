import type { GrpoConfig } from '../../config/training-schema.js'
import type { TrainedArm } from './arm.js'
import { judgeAndTools } from './conditions.js'
import { identityOf } from './identity.js'
import type { HeldRows, Rows } from './rows/study-rows.js'
import { withBetas } from './with-betas.js'

/** A training by GRPO that is one arm under one seed. */
export interface ResolvedArm {
  /** Named by what it begins with and its identity. */
  readonly config: GrpoConfig
  /** Of everything that decides what is learned and measured: arms of the same identity are one. */
  readonly identity: string
}

/**
 * The configuration of an arm: changes of one that all arms share.
 * @param parameters.start checkpoint: its folder, and SHA-256 of its contents
 * @param parameters.agent what the model is told and allowed, as a manifest has it
 * @param parameters.folder that holds the arms
 */
export function armConfig({
  base,
  arm,
  seed,
  start,
  rows,
  measured,
  agent,
  folder,
}: {
  base: GrpoConfig
  arm: TrainedArm
  seed: number
  start: { path: string; fingerprint: string }
  rows: Rows
  measured: HeldRows & { every: number }
  agent: unknown
  folder: string
}): ResolvedArm {
  const reward = withBetas({ reward: base.reward, ...arm.reward })
  const { data, transforms, limit, every } = measured
  const training = { ...base.training, ...(rows.steps !== undefined && { steps: rows.steps }) }
  const deadline = base.evaluation?.deadlineSeconds
  const identity = identityOf({
    ...decisive({ ...base, training }),
    ...{ seed, reward, agent },
    start: start.fingerprint,
    rows: rows.identity,
    measured: [measured.identity, every, ...(deadline === undefined ? [] : [deadline])],
  })
  const config: GrpoConfig = {
    ...base,
    ...{ seed, reward, training },
    suite: rows.suite,
    data: rows.data,
    transforms: rows.transforms,
    limit: rows.limit,
    model: { ...base.model, path: start.path },
    evaluation: { ...base.evaluation, data, transforms, limit, every },
    output: folder,
    name: `${arm.start}-${identity}`,
  }
  return { identity, config }
}

/** What of a configuration decides what is learned, whatever the arm: neither speed, nor places, nor what is left behind. */
function decisive(base: GrpoConfig): object {
  const { model, training, scoring, sandbox } = base
  const { kind, temperature, optimizer } = model
  const trains =
    model.kind === 'tfjs'
      ? model.trains
      : { train: model.train, lora: model.lora, freezeVision: model.freezeVision, dtype: model.dtype }
  const savedType = model.kind === 'tfjs' && model.savedType !== 'F32' ? model.savedType : undefined
  return {
    model: { kind, temperature, optimizer, trains, savedType },
    training: { ...training, concurrency: undefined },
    scoring,
    ...judgeAndTools(base),
    profile: sandbox.profile,
  }
}
