import type { RewardConfig } from '../config/reward-schema.js'
import type { AnalysisProblem, ToolAnalysis, ToolAnalyzer } from '../core/tool-analysis.js'
import { groupTrajectories, type AnswerOutcome } from '../evaluation/group-trajectories.js'
import type { AnalysedTrajectory, AnalysisSource } from '../reward/analysis-source.js'
import type { AnalysedCall, RewardGroup, ScoredGroup } from '../reward/group.js'
import { observedSource } from '../reward/observed-source.js'
import { hasFewTools, RewardInputError } from '../reward/read-reward-groups.js'
import { finiteBoxes } from '../reward/reward-rollout.js'
import { scoreGroup } from '../reward/score-group.js'
import { staticSource } from '../reward/static-source.js'
import type { RewardRequest } from './read-reward-request.js'
import type { WireGroup } from './reward-requests.js'
import { ServiceError } from './service-error.js'
import { taskGroups } from './task-groups.js'

export interface RewardScorerParameters {
  /** Null: texts cannot be read here. */
  analyzer: ToolAnalyzer | null
  mostGroups: number
  onProblem: (problem: AnalysisProblem) => void
}

export interface ScoreRequest {
  request: RewardRequest
  /** Awaited between groups. */
  breathe: () => Promise<void>
  signal: AbortSignal
}

/** What a request asks for, as the text of a JSON object. */
export interface ScoredRequest {
  json: string
  groups: number
  rollouts: number
}

type TextCall = Exclude<WireGroup['rollouts'][number]['calls'][number], AnalysedCall>

/** Scores requests group by group. */
export class RewardScorer {
  private readonly parameters: RewardScorerParameters

  constructor(parameters: RewardScorerParameters) {
    this.parameters = parameters
  }

  /** @throws RewardInputError, ServiceError (400) where texts would have to be read, SandboxError, AbortError. */
  async score({ request, breathe, signal }: ScoreRequest): Promise<ScoredRequest> {
    const { parameters } = request
    const head = `"variant":${JSON.stringify(parameters.variant)},"analysis":${JSON.stringify(parameters.analysis)},"parameters":${JSON.stringify(parameters)}`
    return request.kind === 'groups'
      ? this.scoreGroups({ request, head, breathe, signal })
      : this.scoreTrajectories({ request, head, breathe, signal })
  }

  private async scoreGroups({
    request: { groups, parameters },
    head,
    breathe,
    signal,
  }: ScoreRequest & { request: { kind: 'groups' } & RewardRequest; head: string }): Promise<ScoredRequest> {
    const texts = groups.flatMap(({ rollouts }) => rollouts.flatMap(({ calls }) => calls.filter(isText)))
    const read = await this.readTexts({ texts, parameters, signal })
    const scored: string[] = []
    let rollouts = 0
    for (const group of groups) {
      signal.throwIfAborted()
      scored.push(JSON.stringify(scoreGroup({ group: withAnalyses(group, read), parameters })))
      rollouts += group.rollouts.length
      await breathe()
    }
    return { json: `{${head},"groups":[${scored.join(',')}]}`, groups: groups.length, rollouts }
  }

  /** One source for texts, whether they come in trajectories or as calls. */
  private async readTexts({
    texts,
    parameters: { analysis },
    signal,
  }: {
    texts: readonly TextCall[]
    parameters: RewardConfig
    signal: AbortSignal
  }): Promise<Map<object, ToolAnalysis>> {
    if (texts.length === 0) return new Map()
    if (analysis === 'observed')
      throw new ServiceError({
        status: 400,
        code: 'analysis_not_possible',
        message: 'Calls came as text, and analysis observed does not read texts.',
        hint: 'Ask for "analysis": "static", or send what the sandbox observed: calls with transforms and cropBoxes, or trajectories.',
      })
    const calls = texts.map(({ ok, code, description }) => ({
      call: { code, ...(description !== undefined && { description }) },
      execution: { status: ok ? ('ok' as const) : ('error' as const), operations: [] },
    }))
    const [analyses = []] = await this.source({ analysis, signal }).analyse([{ calls }])
    return new Map(texts.map((call, index) => [call, analyses[index] as ToolAnalysis]))
  }

  private async scoreTrajectories({
    request: { trajectories, scoring: profile, parameters },
    head,
    breathe,
    signal,
  }: ScoreRequest & {
    request: { kind: 'trajectories' } & RewardRequest
    head: string
  }): Promise<ScoredRequest> {
    const { mostGroups } = this.parameters
    const placed = taskGroups({ trajectories, mostGroups })
    const all = placed.flatMap(({ group }) => group.rollouts.map(({ trajectory }) => trajectory))
    const source = await analysedSource(this.source({ analysis: parameters.analysis, signal }), all)
    const scored: string[] = []
    const statistics: string[] = []
    for (const { group, places } of placed) {
      signal.throwIfAborted()
      const scoring = { profile, judge: null }
      const [judged] = await groupTrajectories({ groups: [group], source, scoring, signal })
      if (judged === undefined) continue
      expectFewTools({ group: judged.group, place: places[0] ?? 0 })
      const result = scoreGroup({ group: judged.group, parameters })
      statistics.push(JSON.stringify({ key: result.key, statistics: result.statistics }))
      places.forEach((place, index) => {
        scored[place] = rolloutJson({ result, index, outcome: judged.outcomes[index] ?? 'told' })
      })
      await breathe()
    }
    const json = `{${head},"trajectories":[${scored.join(',')}],"groups":[${statistics.join(',')}]}`
    return { json, groups: placed.length, rollouts: trajectories.length }
  }

  private source({
    analysis,
    signal,
  }: {
    analysis: RewardConfig['analysis']
    signal: AbortSignal
  }): AnalysisSource {
    const { analyzer, onProblem } = this.parameters
    if (analysis === 'observed') return observedSource
    if (analyzer !== null) return staticSource({ analyzer, onProblem, signal })
    throw new ServiceError({
      status: 400,
      code: 'analysis_not_offered',
      message: 'Analysis static reads the text of calls in a sandbox, and this service has none.',
      hint: 'Start the service with --analysis static, ask for "analysis": "observed", or send groups with recorded analyses (transforms, cropBoxes).',
    })
  }
}

/** The analyses of all trajectories, made at once, to be asked for one group after another. */
async function analysedSource(
  source: AnalysisSource,
  trajectories: readonly AnalysedTrajectory[],
): Promise<AnalysisSource> {
  const analyses = await source.analyse(trajectories)
  const known = new Map(trajectories.map((trajectory, index) => [trajectory, analyses[index] ?? []]))
  return {
    kind: source.kind,
    analyse: async (asked) => asked.map((trajectory) => known.get(trajectory) ?? []),
  }
}

function isText(call: AnalysedCall | TextCall): call is TextCall {
  return 'code' in call
}

function withAnalyses(group: WireGroup, read: ReadonlyMap<object, ToolAnalysis>): RewardGroup {
  const analysed = (call: AnalysedCall | TextCall): AnalysedCall => {
    if (!isText(call)) return call
    const { transforms = [], cropBoxes = [] } = read.get(call) ?? {}
    return { ok: call.ok, transforms, cropBoxes: finiteBoxes(cropBoxes) }
  }
  return {
    ...group,
    rollouts: group.rollouts.map((rollout) => ({ ...rollout, calls: rollout.calls.map(analysed) })),
  }
}

function expectFewTools({ group, place }: { group: RewardGroup; place: number }): void {
  if (hasFewTools(group.rollouts)) return
  const path = `trajectories[${place}].trajectory.calls`
  throw new RewardInputError([
    { path, message: `request: \`${path}\`: too many different operations in the group of this trajectory` },
  ])
}

function rolloutJson({
  result,
  index,
  outcome,
}: {
  result: ScoredGroup
  index: number
  outcome: AnswerOutcome
}): string {
  const { key, reward } = result.rollouts[index] as ScoredGroup['rollouts'][number]
  return JSON.stringify({ group: result.key, key, outcome, reward })
}
