import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import type { ServiceToken } from '../../config/service-tokens.js'
import type { Sandbox } from '../../core/sandbox.js'
import type { ToolAnalyzer } from '../../core/tool-analysis.js'
import type { AgentSettings } from '../../evaluation/run/agent-settings.js'
import type { ListenAddress } from '../access.js'
import { HealthCheck } from '../health-check.js'
import { drained, HttpService, LAST_ANSWERS_MS, LONGEST_CANCEL_MS } from '../http-service.js'
import { probeReward } from '../probe-reward.js'
import { probeSandbox } from '../probe-sandbox.js'
import { DEFAULT_REWARD_LIMITS } from '../reward-limits.js'
import { rewardParts, type RewardParts } from '../reward-parts.js'
import { addRewardRoutes } from '../reward-routes.js'
import type { ServiceLimits } from '../service-limits.js'
import { sessionParts, SWEEP_EVERY_MS, type SessionParts } from '../session-parts.js'
import { EnvironmentMetrics } from './environment-metrics.js'
import { environmentSchema } from './environment-schema.js'
import { Environment } from './environment.js'
import type { EpisodeTasks } from './episode-tasks.js'
import { addHttpRoutes } from './http-routes.js'
import { addNemoRoutes } from './nemo-routes.js'
import type { OpenEnvConnection } from './openenv-connection.js'
import { addOpenEnvRoutes } from './openenv-routes.js'
import type { EpisodeScoring } from './score-episode.js'

export interface EnvironmentServiceParameters {
  tasks: EpisodeTasks
  /** Runs the code of episodes, and reads the text of calls. The service does not close it. */
  sandbox: Sandbox & ToolAnalyzer
  agent: AgentSettings
  /** How episodes are scored at their end. */
  scoring: Omit<EpisodeScoring, 'analyzer'>
  address: ListenAddress
  tokens?: readonly ServiceToken[]
  /** How long an episode lives that nobody uses. */
  leaseMs?: number
  /** Between two pings of a connection of OpenEnv. */
  pingEveryMs?: number
  limits?: Partial<ServiceLimits>
  logger: Logger
  /** Of this package. */
  version: string
  /** Milliseconds of a clock that never goes back. */
  now?: () => number
}

/** Episodes over tasks, for trainers: one environment that speaks OpenEnv, NeMo-Gym and plain HTTP, and the rewards of whole groups. */
export class EnvironmentService {
  /** URL or path of the socket. */
  readonly url: string
  private readonly http: HttpService
  private readonly state: State
  private draining: Promise<void> | undefined

  private constructor(http: HttpService, state: State) {
    this.http = http
    this.state = state
    this.url = http.url
  }

  /** Start to listen. @throws UsageError where the address is taken, or open to others without a token. */
  static async start(parameters: EnvironmentServiceParameters): Promise<EnvironmentService> {
    const { address, tokens = [], logger, pingEveryMs = 30_000 } = parameters
    const state = assemble(parameters)
    const { parts, health } = state
    const http = await HttpService.start({
      ...{ address, tokens, logger, health, limits: parts.limits, metrics: parts.metrics },
      watched: ['/health'],
      schema: () => environmentSchema({ rewards: state.rewards.requests }),
      addRoutes: (app) => addRoutes({ app, state, parameters }),
    })
    state.timers = [
      setInterval(() => parts.sessions.sweep(), SWEEP_EVERY_MS).unref(),
      setInterval(() => state.connections.forEach((one) => one.ping()), pingEveryMs).unref(),
    ]
    return new EnvironmentService(http, state)
  }

  /**
   * End the service: no new connections and turns from now on, those that run may finish within the time, then they are answered with an error.
   * Resolves when every episode is closed. The sandbox stays open.
   */
  async drain({ graceMs }: { graceMs: number }): Promise<void> {
    this.draining ??= this.end(graceMs)
    return this.draining
  }

  /** End the turns and requests that run, instead of waiting for them. */
  async cancel(): Promise<void> {
    const { rewards, parts, connections } = this.state
    for (const abort of rewards.underWay) abort.abort(drained())
    const cut = (): void => connections.forEach((one) => one.terminate())
    setTimeout(cut, LONGEST_CANCEL_MS).unref()
    await parts.sessions.abortCalls(drained())
    setTimeout(cut, LAST_ANSWERS_MS).unref()
  }

  /** Close episodes whose lease is over now, rather than at the next look. */
  sweep(): void {
    this.state.parts.sessions.sweep()
  }

  private async end(graceMs: number): Promise<void> {
    const { parts, timers } = this.state
    for (const timer of timers) clearInterval(timer)
    try {
      await this.http.drain({ graceMs, cancel: () => this.cancel() })
    } finally {
      await parts.sessions.closeAll(drained())
    }
  }
}

interface State {
  parts: SessionParts<EnvironmentMetrics>
  rewards: RewardParts
  environment: Environment
  health: HealthCheck
  connections: Set<OpenEnvConnection>
  timers: NodeJS.Timeout[]
  lastVerdictAt: number | undefined
}

function assemble(parameters: EnvironmentServiceParameters): State {
  const { tasks, sandbox, agent, scoring, now = () => performance.now() } = parameters
  const sandboxes = [sandbox]
  const parts = sessionParts({
    ...parameters,
    sandboxes,
    metricsOf: (read) => new EnvironmentMetrics({ read }),
  })
  const limits = { ...DEFAULT_REWARD_LIMITS, bodyBytes: parts.limits.bodyBytes }
  const rewards = rewardParts({ analyzer: sandbox, limits, beside: parts.metrics })
  const state: State = {
    ...{ parts, rewards, connections: new Set<OpenEnvConnection>(), timers: [] },
    lastVerdictAt: undefined,
    environment: new Environment({
      ...{ tasks, sandbox, agent, parts },
      scoring: { ...scoring, analyzer: sandbox },
      onVerdict: () => (state.lastVerdictAt = now()),
    }),
    health: new HealthCheck({
      probe: async (signal) => {
        await probeSandbox({ sandboxes, signal })
        await probeReward({ analyzer: sandbox, signal })
      },
      subject: 'Episodes cannot be run',
      now,
      lastVerdictAt: () => state.lastVerdictAt,
    }),
  }
  return state
}

function addRoutes({
  app,
  state,
  parameters: { sandbox, version, now = () => performance.now() },
}: {
  app: FastifyInstance
  state: State
  parameters: EnvironmentServiceParameters
}): void {
  const { environment, health, connections, parts, rewards } = state
  const onVerdict = (): void => void (state.lastVerdictAt = now())
  addOpenEnvRoutes({ app, environment, health, version, connections, limits: parts.limits, now })
  addNemoRoutes({ app, environment })
  addHttpRoutes({ app, environment, sandbox, onVerdict })
  // In a room of its own: its bodies may hold the numbers of Python.
  void app.register(async (scope) => addRewardRoutes({ ...rewards, app: scope, onScored: () => undefined }))
}
