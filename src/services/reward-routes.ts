import type { FastifyInstance } from 'fastify'
import type { Admission } from './admission.js'
import { breather } from './breather.js'
import { disconnection } from './disconnection.js'
import { readNumbersOfPython } from './numbers-of-python.js'
import { readRewardRequest } from './read-reward-request.js'
import type { RewardMetrics } from './reward-metrics.js'
import type { RewardRequests } from './reward-requests.js'
import type { RewardScorer } from './reward-scorer.js'

export interface RewardRoutesParameters {
  app: FastifyInstance
  requests: RewardRequests
  scorer: RewardScorer
  admission: Admission
  metrics: RewardMetrics
  /** What is being scored; whoever ends the service aborts it. */
  underWay: Set<AbortController>
  onScored: () => void
}

/** POST /v1/reward. */
export function addRewardRoutes({
  app,
  requests,
  scorer,
  admission,
  metrics,
  underWay,
  onScored,
}: RewardRoutesParameters): void {
  readNumbersOfPython(app)

  app.post('/v1/reward', async ({ body, client }, reply) => {
    const abort = new AbortController()
    const { signal } = abort
    disconnection(reply).addEventListener('abort', () => abort.abort(), { once: true })
    const started = performance.now()
    const scored = await admission.run({ client }, async () => {
      underWay.add(abort)
      try {
        const breathe = breather()
        const request = await readRewardRequest({ body, requests, breathe })
        const { json, groups, rollouts } = await scorer.score({ request, breathe, signal })
        const { variant, analysis } = request.parameters
        const seconds = (performance.now() - started) / 1000
        metrics.scored({ variant, analysis, groups, rollouts, seconds })
        onScored()
        return json
      } finally {
        underWay.delete(abort)
      }
    })
    return reply.header('content-type', 'application/json; charset=utf-8').send(scored)
  })
}
