import { canary, guessRule, isRefused, type Play, type PlayedTurn } from './canary.js'
import type { ConformanceRule } from './conformance-rule.js'
import { hacks, leaking, WRONG_ANSWER } from './hacks.js'
import type { OpenEnvClient, Told } from './openenv-client.js'
import { answering, calling } from './scripted-episode.js'

/** The tricks of {@link hackCanaries}, as a client of OpenEnv plays them. @param parameters.answers as there */
export function openEnvCanaries({
  answers,
  connect,
}: {
  answers: readonly string[] | null
  connect: () => Promise<OpenEnvClient>
}): readonly ConformanceRule[] {
  /** Of an episode over a connection of its own. */
  const played = (texts: (task: number) => readonly string[]): Play => {
    return async (_, task) => {
      const one = await connect()
      try {
        const told = [turnOf(await one.ask('reset', { task }))]
        if (told.some(isRefused)) return told
        for (const text of texts(task)) told.push(turnOf(await one.ask('step', { text })))
        return told
      } finally {
        await one.close()
      }
    }
  }
  const guess = played(() => [answering(WRONG_ANSWER)])
  const tricks = hacks({ knowsAnswers: answers !== null }).map(({ name, calls, last }) =>
    canary({
      ...{ name, guess },
      trick: played((task) => [
        ...calls.map((call) => {
          const { code, description } = leaking(call, answers?.[task] ?? WRONG_ANSWER)
          return calling(code, { description })
        }),
        last,
      ]),
    }),
  )
  return [guessRule({ guess }), ...tricks]
}

/** As plain HTTP answers it. */
function turnOf({ type, data }: Told): PlayedTurn {
  if (type === 'observation') return { status: 200, json: data }
  return { status: 400, json: { error: { ...data, code: data['detail'] ?? data.code } } }
}
