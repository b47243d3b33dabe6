import type { SampleDigest } from './digest.js'
import { groupBy } from './group-by.js'
import { clusteredMean } from '../statistics/clustered-mean.js'
import { passAtK } from '../statistics/pass-at-k.js'
import type { Interval } from '../statistics/wilson.js'
import { unitInterval } from '../statistics/unit-interval.js'

/** What several samples of each task tell; both lists are empty where each task was asked once. */
export interface EpochStatistics {
  byEpoch: { epoch: number; n: number; accuracy: number }[]
  /** For k = 1, 2, 4 … and the number of epochs. */
  passAtK: PassAtK[]
}

export interface PassAtK {
  k: number
  /** Tasks with at least k scored samples; the others are left out. */
  tasks: number
  /** Mean over tasks of the unbiased estimate. */
  value: number
  /** t interval (95 %) over clusters of tasks, cut to [0, 1]. */
  interval: Interval | null
}

/** @param scored samples that are in the rates. */
export function epochStatistics(scored: readonly SampleDigest[]): EpochStatistics {
  const epochs = [...groupBy(scored, ({ epoch }) => String(epoch)).values()]
  if (epochs.length < 2) return { byEpoch: [], passAtK: [] }
  const byEpoch = epochs
    .map((samples) => ({
      epoch: samples[0]?.epoch ?? 0,
      n: samples.length,
      accuracy: countCorrect(samples) / samples.length,
    }))
    .sort((a, b) => a.epoch - b.epoch)
  const tasks = [...groupBy(scored, ({ taskKey }) => taskKey).values()]
  return { byEpoch, passAtK: drawSizes(epochs.length).flatMap((k) => passOf({ tasks, k })) }
}

function passOf({ tasks, k }: { tasks: readonly SampleDigest[][]; k: number }): PassAtK[] {
  const sampled = tasks.filter(({ length }) => length >= k)
  const found = clusteredMean(
    sampled.map((samples) => ({
      cluster: samples[0]?.cluster ?? '',
      value: passAtK({ n: samples.length, correct: countCorrect(samples), k }),
    })),
  )
  if (found === null) return []
  return [{ k, tasks: sampled.length, value: found.mean, interval: unitInterval(found) }]
}

function drawSizes(epochs: number): number[] {
  const powers = Array.from({ length: Math.floor(Math.log2(epochs)) + 1 }, (_, power) => 2 ** power)
  return [...new Set([...powers, epochs])]
}

function countCorrect(samples: readonly SampleDigest[]): number {
  return samples.filter(({ outcome }) => outcome === 'correct').length
}
