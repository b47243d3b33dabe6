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
  /** Ends what is scored when the service ends. */
  cancel: AbortSignal
}

/** POST /v1/reward. */
export function addRewardRoutes({
  app,
  requests,
  scorer,
  admission,
  metrics,
  cancel,
}: RewardRoutesParameters): void {
  readNumbersOfPython(app)

  app.post('/v1/reward', async ({ body, client }, reply) => {
    const signal = AbortSignal.any([disconnection(reply), cancel])
    const started = performance.now()
    const scored = await admission.run({ client }, async () => {
      const breathe = breather()
      const request = await readRewardRequest({ body, requests, breathe })
      const { json, groups, rollouts } = await scorer.score({ request, breathe, signal })
      const { variant, analysis } = request.parameters
      metrics.scored({ variant, analysis, groups, rollouts, seconds: (performance.now() - started) / 1000 })
      return json
    })
    return reply.header('content-type', 'application/json; charset=utf-8').send(scored)
  })
}
