import type { StageEngine } from './engines/stage-engine.js'
import type { TurnKind } from './mini-sample.js'
import type { EncodedSample } from './sample-encoder.js'

/** Turns of one kind, and those of them that greedy decoding writes word for word when what came before is as it should be. */
export interface TurnAccuracy {
  readonly turns: number
  readonly right: number
  /** Of their tokens, the share that is right. */
  readonly tokenShare: number
}

/** Accuracies by what turns do; turns that are not learned are left out. */
export async function measureSamples({
  samples,
  samplesAtOnce,
  matches: matchesOf,
}: {
  samples: readonly EncodedSample[]
  samplesAtOnce: number
  /** Of an engine. */
  matches: StageEngine['matches']
}): Promise<Map<TurnKind, TurnAccuracy>> {
  const counted = new Map<TurnKind, { turns: number; right: number; tokens: number; rightTokens: number }>()
  for (let first = 0; first < samples.length; first += samplesAtOnce) {
    const part = samples.slice(first, first + samplesAtOnce)
    const matches = await matchesOf(part.map(({ segment }) => segment))
    for (const [at, { segment, turns }] of part.entries()) {
      const own = matches[at] ?? []
      let next = 0
      for (const { kind, start, end } of turns) {
        if (segment.mask[start] !== 1) continue
        const turn = own.slice(next, (next += end - start))
        const tally = counted.get(kind) ?? { turns: 0, right: 0, tokens: 0, rightTokens: 0 }
        tally.turns++
        if (turn.every(Boolean)) tally.right++
        tally.tokens += turn.length
        tally.rightTokens += turn.filter(Boolean).length
        counted.set(kind, tally)
      }
    }
  }
  return new Map(
    [...counted].map(([kind, { turns, right, tokens, rightTokens }]) => [
      kind,
      { turns, right, tokenShare: rightTokens / tokens },
    ]),
  )
}
