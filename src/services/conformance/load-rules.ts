import { setTimeout as delay } from 'node:timers/promises'
import type { ConformanceAnswer, ConformanceClient } from './conformance-client.js'
import { expectThat, type ConformanceRule } from './conformance-rule.js'
import { observed, objectIn } from './observed.js'
import { answering, calling, ScriptedEpisode, SLOW } from './scripted-episode.js'

/** What dashboards and autoscalers look at. */
const FIGURES = ['codevision_queue_depth', 'codevision_step_p95_seconds', 'codevision_sessions_open']
const LONGEST_WAIT_SECONDS = 30
/** A service that still refuses then, to one client that waits as it was told, does not keep its word. */
const MOST_TRIES = 20

/**
 * What callers rely on when there are many of them.
 * @param parameters.places how many calls may run or wait there; null: that is not known, and a service of somebody else is not filled up to find out
 */
export function loadRules({ places }: { places: number | null }): readonly ConformanceRule[] {
  return [
    {
      name: 'the figures tell queue, latency and what episodes came to',
      check: async (client) => {
        const before = await figures(client)
        const episode = new ScriptedEpisode(client)
        await episode.begin()
        const { outcome } = observed((await episode.say(answering('no such thing'))).json)
        await episode.close()
        const after = await figures(client)
        const missing = FIGURES.filter((name) => !after.has(name))
        const ended = 'codevision_episodes_ended_total{outcome="wrong"}'
        const [first, last] = [before.get(ended) ?? 0, after.get(ended) ?? 0]
        return expectThat(
          missing.length === 0 && outcome === 'wrong' && last > first,
          `${FIGURES.join(', ')}, and one more of ${ended}`,
          { missing, before: first, after: last },
        )
      },
    },
    ...(places === null ? [] : [fullQueue(places)]),
  ]
}

/** Two more than fit are sent at once. */
function fullQueue(places: number): ConformanceRule {
  return {
    name: 'what finds no place is refused with the time to wait, and is taken when it is sent again',
    check: async (client) => {
      const episodes = Array.from({ length: places + 2 }, () => new ScriptedEpisode(client))
      try {
        for (const episode of episodes) await episode.begin()
        const first = await Promise.all(episodes.map((episode) => episode.say(calling(SLOW), 'a')))
        const refused = first.filter(({ status }) => status === 429)
        const untold = refused.filter(
          (answer) => Number.isNaN(waitIn(answer)) || objectIn(answer.json['error'])['code'] !== 'queue_full',
        )
        const last = await Promise.all(episodes.map((episode, place) => untilTaken(episode, first[place])))
        const others = [...first, ...last].filter(({ status }) => status !== 200 && status !== 429)
        return expectThat(
          refused.length > 0 &&
            refused.length < episodes.length &&
            untold.length === 0 &&
            others.length === 0 &&
            last.every(({ status }) => status === 200),
          `some of ${episodes.length} turns at once refused with 429, queue_full and Retry-After, and all taken in the end`,
          {
            first: first.map(({ status, json }) => [status, objectIn(json['error'])['code']]),
            last: last.map(({ status }) => status),
          },
        )
      } finally {
        await Promise.all(episodes.map((episode) => episode.close()))
      }
    },
  }
}

async function untilTaken(
  episode: ScriptedEpisode,
  first: ConformanceAnswer | undefined,
): Promise<ConformanceAnswer> {
  let answer = first ?? (await episode.say(calling(SLOW), 'a'))
  for (let tries = 0; answer.status === 429 && tries < MOST_TRIES; tries++) {
    await delay((waitIn(answer) || 1) * 1_000)
    answer = await episode.say(calling(SLOW), 'a')
  }
  return answer
}

/** Seconds that a refusal tells to wait; NaN where it tells none. */
function waitIn({ headers }: ConformanceAnswer): number {
  const told = headers.get('retry-after') ?? ''
  return /^\d+$/.test(told) ? Math.min(Number(told), LONGEST_WAIT_SECONDS) : Number.NaN
}

/** Values of /metrics by name and labels. */
async function figures(client: ConformanceClient): Promise<Map<string, number>> {
  const { json } = await client.ask('GET', '/metrics')
  const lines = String(json['text'] ?? '').split('\n')
  return new Map(
    lines.flatMap((line) => {
      const found = /^([a-z_]\w*(?:\{[^}]*\})?) (\S+)$/.exec(line)
      return found?.[1] === undefined ? [] : [[found[1], Number(found[2])] as const]
    }),
  )
}
