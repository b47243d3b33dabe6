import type { Logger } from 'pino'
import type { ServiceToken } from '../config/service-tokens.js'
import type { ToolAnalyzer } from '../core/tool-analysis.js'
import type { ListenAddress } from './access.js'
import { HealthCheck } from './health-check.js'
import { drained, HttpService } from './http-service.js'
import { probeReward } from './probe-reward.js'
import { DEFAULT_REWARD_LIMITS, type RewardLimits } from './reward-limits.js'
import { rewardParts } from './reward-parts.js'
import { addRewardRoutes } from './reward-routes.js'
import { rewardServiceSchema } from './reward-service-schema.js'

export interface RewardServiceParameters {
  address: ListenAddress
  tokens?: readonly ServiceToken[]
  /** Reads what calls do from their text; null: analysis `static` takes recorded analyses only. The service does not close it. */
  analyzer: ToolAnalyzer | null
  limits?: Partial<RewardLimits>
  logger: Logger
  /** Milliseconds of a clock that never goes back. */
  now?: () => number
}

/** Rewards over HTTP: groups of recorded analyses, or trajectories, in; every component of every rollout, and the reasons, out. */
export class RewardService {
  /** URL or path of the socket. */
  readonly url: string
  private readonly http: HttpService
  private readonly underWay: ReadonlySet<AbortController>
  private draining: Promise<void> | undefined

  private constructor(http: HttpService, underWay: ReadonlySet<AbortController>) {
    this.http = http
    this.underWay = underWay
    this.url = http.url
  }

  /** Start to listen. @throws UsageError where the address is taken, or open to others without a token. */
  static async start({
    address,
    tokens = [],
    analyzer,
    limits: given = {},
    logger,
    now = () => performance.now(),
  }: RewardServiceParameters): Promise<RewardService> {
    const limits = { ...DEFAULT_REWARD_LIMITS, ...given }
    let scoredAt: number | undefined
    const parts = rewardParts({ analyzer, limits })
    const { metrics, requests, underWay } = parts
    const health = new HealthCheck({
      probe: (signal) => probeReward({ analyzer, signal }),
      subject: 'Rewards cannot be computed',
      now,
      lastVerdictAt: () => scoredAt,
    })
    const http = await HttpService.start({
      ...{ address, tokens, logger, limits, metrics, health },
      schema: () => rewardServiceSchema(requests),
      addRoutes: (app) => addRewardRoutes({ ...parts, app, onScored: () => (scoredAt = now()) }),
    })
    return new RewardService(http, underWay)
  }

  /**
   * End the service: no new requests from now on; those that are under way may finish within the time, then they are answered with 503.
   * The analyzer stays open.
   */
  async drain({ graceMs }: { graceMs: number }): Promise<void> {
    this.draining ??= this.http.drain({ graceMs, cancel: () => this.cancel() })
    return this.draining
  }

  /** End what is being scored, instead of waiting for it. */
  async cancel(): Promise<void> {
    for (const abort of this.underWay) abort.abort(drained())
  }
}
