import { rewardSchema, type RewardConfig } from '../config/reward-schema.js'
import { whyNotScorable } from '../evaluation/scoring/scorable.js'
import { readRewardInput, RewardInputError } from '../reward/read-reward-groups.js'
import type { ScoringProfile } from '../core/scoring-profile.js'
import { expectBody } from './expect-body.js'
import type { RewardRequests, WireGroup, WireTrajectory } from './reward-requests.js'

/** A request, checked. */
export type RewardRequest = { parameters: RewardConfig } & (
  | { kind: 'groups'; groups: WireGroup[] }
  | { kind: 'trajectories'; scoring: ScoringProfile; trajectories: WireTrajectory[] }
)

const WHERE = 'request'
/** Wrong fields that are told; the first ones tell what is wrong with all. */
const MOST_ISSUES = 20

/**
 * Check a request piece by piece.
 * @param parameters.breathe is awaited between pieces.
 * @throws RewardInputError with the path of each wrong field, ServiceError (400) where there is no body.
 */
export async function readRewardRequest({
  body,
  requests,
  breathe,
}: {
  body: unknown
  requests: RewardRequests
  breathe: () => Promise<void>
}): Promise<RewardRequest> {
  expectBody(body)
  const { outer, whole, group, trajectory, mostRollouts } = requests
  if (typeof body === 'object' && body !== null && 'trajectories' in body) {
    const schema = outer.trajectories
    const given = readRewardInput({ schema, value: body, where: WHERE })
    const parameters = parametersOf(given)
    const issues = new Issues()
    const trajectories: WireTrajectory[] = []
    for (const [index, value] of given.trajectories.entries()) {
      const at = ['trajectories', index]
      issues.gather(() => {
        const read = readRewardInput({
          schema: trajectory,
          value,
          where: WHERE,
          at,
          whole: whole.trajectories,
        })
        trajectories.push(read)
        const why = whyNotScored({ trajectory: read, profile: given.scoring })
        const path = `trajectories[${index}].scorer`
        if (why !== null) issues.add({ path, message: `${WHERE}: \`${path}\`: ${why}` })
      })
      if (issues.areEnough) break
      await breathe()
    }
    issues.throwIfAny()
    return { kind: 'trajectories', parameters, scoring: given.scoring, trajectories }
  }
  const given = readRewardInput({ schema: outer.groups, value: body, where: WHERE })
  const parameters = parametersOf(given)
  const issues = new Issues()
  const groups: WireGroup[] = []
  let rollouts = 0
  for (const [index, value] of given.groups.entries()) {
    const at = ['groups', index]
    issues.gather(() => {
      const read = readRewardInput({ schema: group, value, where: WHERE, at, whole: whole.groups })
      rollouts += read.rollouts.length
      groups.push(read)
    })
    if (issues.areEnough) break
    await breathe()
  }
  if (rollouts > mostRollouts)
    issues.add({
      path: 'groups',
      message: `${WHERE}: \`groups\`: expected at most ${mostRollouts} rollouts in all, got ${rollouts}`,
    })
  issues.throwIfAny()
  return { kind: 'groups', parameters, groups }
}

/** Why the answer of a trajectory cannot be checked; null where it can, or where it is told whether it is correct. */
function whyNotScored({
  trajectory: { correct, question = '', answers = [], scorer, options, category, metadata },
  profile,
}: {
  trajectory: WireTrajectory
  profile: ScoringProfile
}): string | null {
  if (correct !== undefined) return null
  return whyNotScorable({ profile, asked: { question, answers, scorer, options, category, metadata } })
}

/** Of variant, analysis and params, a reward's configuration; wrong fields have the path at which they were sent. */
function parametersOf({
  variant,
  analysis,
  params,
}: {
  variant: RewardConfig['variant']
  analysis?: RewardConfig['analysis'] | undefined
  params: Record<string, unknown>
}): RewardConfig {
  const twice = ['variant', 'analysis'].filter((name) => name in params)
  if (twice.length > 0)
    throw new RewardInputError(
      twice.map((name) => ({
        path: `params.${name}`,
        message: `${WHERE}: \`params.${name}\`: expected \`${name}\` beside \`params\`, not in it`,
      })),
    )
  const value = { ...params, variant, ...(analysis !== undefined && { analysis }) }
  const at = (path: string): string => (path === 'analysis' ? path : `params.${path}`)
  try {
    return readRewardInput({ schema: rewardSchema, value, where: WHERE })
  } catch (error) {
    if (!(error instanceof RewardInputError)) throw error
    throw new RewardInputError(
      error.issues.map(({ path, message }) => ({
        path: at(path),
        message: message.replace(`\`${path}\``, `\`${at(path)}\``),
      })),
    )
  }
}

class Issues {
  private readonly found: { path: string; message: string }[] = []

  get areEnough(): boolean {
    return this.found.length >= MOST_ISSUES
  }

  add(issue: { path: string; message: string }): void {
    this.found.push(issue)
  }

  gather(read: () => void): void {
    try {
      read()
    } catch (error) {
      if (!(error instanceof RewardInputError)) throw error
      this.found.push(...error.issues)
    }
  }

  throwIfAny(): void {
    if (this.found.length > 0) throw new RewardInputError(this.found.slice(0, MOST_ISSUES))
  }
}
