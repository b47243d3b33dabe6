import type { FastifyInstance } from 'fastify'
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { Sandbox } from '../../core/sandbox.js'
import { disconnection } from '../disconnection.js'
import { expectProfile } from '../expect-profile.js'
import { openImagesSession } from '../open-images-session.js'
import { readRequest } from '../read-request.js'
import { callName, sessionName } from '../requests.js'
import { ServiceError } from '../service-error.js'
import { addSessionRoutes, describeSession } from '../session-routes.js'
import { action, replyOfAction } from './action.js'
import type { Environment } from './environment.js'
import { finishEpisode } from './finish-episode.js'
import { finishRequest, type FinishAnswer } from './finish-messages.js'
import { asksForCall } from './written-turns.js'
import { transcriptTurns } from './transcript-turns.js'

/** POST /v1/sessions for an episode. */
export const beginRequest = z.strictObject({
  id: sessionName
    .nullish()
    .describe("The rollout's id; the same id with the same task names the same episode."),
  task: z
    .union([z.number().int(), z.string().min(1), z.null()])
    .describe('Place of the task, from 0, or its key; null: as `seed` says, else the next in order.'),
  seed: z.number().int().min(0).nullish(),
})

/** POST /v1/sessions/{id}/step */
export const turnRequest = action.safeExtend({ call_id: callName })

/** The routes of the sandbox service, where a session may also be an episode; and its steps. */
export function addHttpRoutes({
  app,
  environment,
  sandbox,
  onVerdict,
}: {
  app: FastifyInstance
  environment: Environment
  sandbox: Sandbox
  /** Told when code has run. */
  onVerdict: () => void
}): void {
  const { parts } = environment
  const { leaseMs } = parts

  app.post('/v1/sessions', async (request, reply) => {
    const { body, client } = request
    if (typeof body === 'object' && body !== null && 'task' in body) {
      const { id, task, seed } = readRequest(beginRequest, body)
      const { session, isNew } = await environment.begin({
        ...{ face: 'http', client, id: id ?? randomUUID() },
        choice: { task: task ?? undefined, seed: seed ?? undefined },
      })
      const told = await environment.opening(session)
      return reply.status(isNew ? 201 : 200).send({ ...describeSession(session, leaseMs), ...told })
    }
    return openImagesSession({
      ...{ request, reply, parts },
      sandboxOf: (profile) => {
        expectProfile({ profile, offered: [sandbox.profile] })
        return sandbox
      },
    })
  })

  app.post<{ Params: { id: string } }>('/v1/sessions/:id/step', async (request, reply) => {
    const { client, params, body } = request
    const given = readRequest(turnRequest, body)
    const session = environment.find({ client, id: params.id })
    const { call_id: id } = given
    const turn = replyOfAction({ action: given, toolName: environment.toolName, id })
    const told = await environment.step({ session, id, reply: turn, signal: disconnection(reply) })
    return { call_id: id, ...told }
  })

  app.post<{ Params: { id: string } }>('/v1/sessions/:id/finish', async (request): Promise<FinishAnswer> => {
    const { client, params, body } = request
    const given = readRequest(finishRequest, body)
    const session = environment.find({ client, id: params.id })
    const { answers } = session.episode
    if ('asking' in given) expectTexts({ given: given.asking, calls: session.episode.asked.length })
    const isLength = 'last' in given && given.finish_reason === 'length'
    const turns =
      'text' in given
        ? transcriptTurns({ ...given, told: answers })
        : {
            ...given,
            isCut: isLength || given.last.trim() === '' || asksForCall(given.last),
          }
    const { outcome, reward } = await finishEpisode({ environment, session, turns, isLength })
    const { total, parts: reward_parts, reasons: reward_reasons } = reward
    return { reward: total, outcome, stop: session.stop, calls: answers.length, reward_parts, reward_reasons }
  })

  addSessionRoutes({ ...parts, app, onVerdict })
}

/** @throws ServiceError (400) for texts that came with no call. */
function expectTexts({ given, calls }: { given: readonly string[]; calls: number }): void {
  if (given.length <= calls) return
  throw new ServiceError({
    status: 400,
    code: 'bad_request',
    message: `asking: expected at most ${calls} ${calls === 1 ? 'text' : 'texts'}, one for each turn that came as a call alone, got ${given.length}.`,
    hint: 'Leave out those of turns that were handed in as text, and put what was written behind the last call into `last`.',
  })
}
