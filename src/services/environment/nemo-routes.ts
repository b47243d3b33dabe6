import cookies from '@fastify/cookie'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { randomUUID } from 'node:crypto'
import { disconnection } from '../disconnection.js'
import { readRequest } from '../read-request.js'
import { ServiceError } from '../service-error.js'
import type { Environment, EnvironmentAnswer } from './environment.js'
import { ended } from './episode-errors.js'
import { replyOf, type EpisodeSession } from './episode-session.js'
import { finishEpisode } from './finish-episode.js'
import { aggregateMetrics } from './nemo-metrics.js'
import { metricsRequest, seedRequest, toolRequest, verifyRequest } from './nemo-requests.js'
import { rolloutId } from './nemo-rollout-id.js'
import { nemoRow } from './nemo-row.js'
import { responseTurns } from './nemo-turns.js'
import { asksForCall } from './written-turns.js'

/** Names the session, which its client sends along with each request. */
export const SESSION_COOKIE = 'codevision_session'

/**
 * The routes of a resources server of NeMo-Gym: a session is begun by the row, the tool is called with what the model wrote, and the reward is asked for with the whole
 * response. Every answer sets the session's cookie, those included that no route gives (there is no such tool), since agents keep only the cookies of the last one.
 */
export function addNemoRoutes({
  app,
  environment,
}: {
  app: FastifyInstance
  environment: Environment
}): void {
  /** Sessions whose tool answers with text alone. */
  const textOnly = new WeakSet<EpisodeSession>()

  // Behind the hook that writes what the routes have set.
  app.register(cookies).after(() => {
    app.addHook('onSend', async (request, reply) => {
      const id = app.parseCookie(request.headers.cookie ?? '')[SESSION_COOKIE]
      if (id !== undefined && !reply.hasHeader('set-cookie')) setCookie(reply, id)
    })
  })

  void app.register(async (scope) => {
    scope.post('/seed_session', async (request, reply) => {
      const row = readRequest(seedRequest, request.body)
      const { task, seed, images } = row
      const { client } = request
      const choice = { task: task ?? undefined, seed: seed ?? undefined }
      const id = row.id ?? rolloutId({ environment, client, choice, row })
      const { session } = await environment.begin({ face: 'nemo-gym', client, id, choice })
      if (images === 'none') textOnly.add(session)
      setCookie(reply, session.id)
      return {}
    })

    if (environment.toolName !== '')
      scope.post(`/${environment.toolName}`, async (request, reply) => {
        const session = find(request)
        const given = readRequest(toolRequest, request.body)
        const id = randomUUID()
        const call = { id, name: environment.toolName, arguments: JSON.stringify(given) }
        const told = await environment.step({
          ...{ session, id, signal: disconnection(reply) },
          reply: replyOf({ toolCalls: [call] }),
        })
        return toolAnswer({ told, isTextOnly: textOnly.has(session) })
      })

    scope.post('/verify', async (request) => {
      const session = find(request)
      const body = readRequest(verifyRequest, request.body)
      return { ...body, ...(await verify({ session, response: body.response })) }
    })

    scope.post('/aggregate_metrics', async ({ body }) =>
      aggregateMetrics(readRequest(metricsRequest, body).verify_responses),
    )
    scope.get('/reverify_mode', async (_request, reply) =>
      reply.header('content-type', 'application/json').send('"unsupported"'),
    )

    /** The row of a task, for the data set that NeMo-Gym reads. */
    scope.get<{ Params: { n: string } }>('/v1/tasks/:n/nemo-gym', async ({ client, params: { n } }) => {
      const task = /^\d{1,9}$/.test(n) ? Number(n) : n
      const { session } = await environment.begin({ face: null, client, choice: { task } })
      try {
        const { observation } = await environment.opening(session)
        return nemoRow({ observation, tools: environment.agent.tools })
      } finally {
        await environment.end(session, ended('only its beginning was asked for'))
      }
    })
  })

  function find(request: FastifyRequest): EpisodeSession {
    const id = request.cookies[SESSION_COOKIE]
    if (id !== undefined) return environment.find({ client: request.client, id })
    throw new ServiceError({
      status: 400,
      code: 'no_session_cookie',
      message: `Expected the cookie ${SESSION_COOKIE}, got none.`,
      hint: 'POST /seed_session sets it; send it with each request of the rollout.',
    })
  }

  /** The end of the rollout, if the turns before were not. */
  async function verify({
    session,
    response: { output, incomplete_details: incomplete },
  }: {
    session: EpisodeSession
    response: ReturnType<typeof verifyRequest.parse>['response']
  }) {
    const turns = responseTurns({ output, taken: session.episode.asked })
    const isLength = incomplete !== null && incomplete !== undefined
    const isCut = turns.isCut || asksForCall(turns.last) || isLength
    const { outcome, reward } = await finishEpisode({
      ...{ environment, session, isLength },
      turns: { ...turns, isCut },
    })
    return {
      reward: reward.total,
      reward_components: reward.parts,
      accuracy: outcome === 'correct' ? 1 : 0,
      outcome,
    }
  }
}

function setCookie(reply: FastifyReply, id: string): void {
  void reply.setCookie(SESSION_COOKIE, id, { path: '/', httpOnly: true, sameSite: 'strict' })
}

/** What `function_call_output.output` may hold. */
function toolAnswer({
  told: { observation, done },
  isTextOnly,
}: {
  told: EnvironmentAnswer
  isTextOnly: boolean
}): object {
  const { text, images, stop } = observation
  const said = done ? `The call was not run: the rollout is over (${stop ?? 'ended'}).` : text
  if (isTextOnly) return { output: said }
  const pictures = images.map(({ media_type: type, data }) => ({
    type: 'input_image',
    image_url: `data:${type};base64,${data}`,
    detail: 'auto',
  }))
  return { output: [...pictures, { type: 'input_text', text: said }] }
}
