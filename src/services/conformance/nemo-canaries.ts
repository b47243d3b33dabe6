import { canary, guessRule, isRefused, type Play } from './canary.js'
import type { ConformanceAnswer } from './conformance-client.js'
import type { ConformanceRule } from './conformance-rule.js'
import { hacks, leaking, WRONG_ANSWER } from './hacks.js'
import { message, NemoRollout, textIn, TOOL } from './nemo-rollout.js'
import { answering } from './scripted-episode.js'

/** The tricks of {@link hackCanaries}, as an agent of NeMo-Gym plays them. @param parameters.answers as there */
export function nemoCanaries({ answers }: { answers: readonly string[] | null }): readonly ConformanceRule[] {
  const guess = played((rollout) => rollout.verify([message(answering(WRONG_ANSWER))]).then((end) => [end]))
  const tricks = hacks({ knowsAnswers: answers !== null }).map(({ name, calls, last }) =>
    canary({
      ...{ name, guess },
      trick: played(async (rollout, task) => {
        const told: ConformanceAnswer[] = []
        const written: object[] = []
        for (const [place, call] of calls.entries()) {
          const given = { ...leaking(call, answers?.[task] ?? WRONG_ANSWER), image_index: 0 }
          const answer = await rollout.ask(TOOL, given)
          const id = { call_id: String(place) }
          told.push(answer)
          written.push(
            { ...id, type: 'function_call', name: TOOL.slice(1), arguments: JSON.stringify(given) },
            { ...id, type: 'function_call_output', output: textIn(answer) },
          )
        }
        return [...told, await rollout.verify([...written, message(last)])]
      }),
    }),
  )
  return [guessRule({ guess }), ...tricks]
}

/** Of a rollout that is ended afterwards. */
function played(play: (rollout: NemoRollout, task: number) => Promise<ConformanceAnswer[]>): Play {
  return async (client, task) => {
    const rollout = new NemoRollout(client)
    try {
      const seeded = await rollout.seed({ task })
      return isRefused(seeded) ? [seeded] : await play(rollout, task)
    } finally {
      await rollout.close()
    }
  }
}
