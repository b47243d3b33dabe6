import type { NoiseImages } from './noise-image.js'
import type { Measured, Peer, PeerName } from './peers/peer.js'
import { percentiles, round, type Percentiles } from './statistics.js'
import { WORKS, type WorkName } from './work.js'

/** One line of the result. */
export interface Row extends Percentiles {
  runtime: string
  peer: PeerName
  work: WorkName
  /** Side of the image in pixels. */
  size: number
  concurrency: number
  callsPerSecond: number
  /** Calls that were measured. */
  calls: number
}

export interface GridParameters {
  peers: readonly Peer[]
  images: NoiseImages
  runtime: string
  works: readonly WorkName[]
  sizes: readonly number[]
  concurrencies: readonly number[]
  /** Every peer has its turn in every round, so that what the machine does meanwhile meets all alike. */
  rounds: number
  /** Of one turn. */
  secondsPerTurn: number
  onProgress: (line: string) => void
}

/** Pause of a lone caller before each call: the model thinks. Callers side by side call back to back. */
const THINKING_MS = 100
/** Slow peers get at least so many calls in a turn, whatever they take. */
const CALLS_PER_TURN = 2_000

/** Measure all peers over all works, sizes and concurrencies. @throws Error when a peer gives another answer than the limit. */
export async function runGrid({
  peers,
  images,
  runtime,
  works,
  sizes,
  concurrencies,
  rounds,
  secondsPerTurn,
  onProgress,
}: GridParameters): Promise<Row[]> {
  const rows: Row[] = []
  for (const work of works) {
    for (const size of sizes) {
      const image = await images.get(size)
      for (const concurrency of concurrencies) {
        const load = { image, code: WORKS[work], concurrency, calls: CALLS_PER_TURN }
        const turns = new Map<Peer, Measured[]>(peers.map((peer) => [peer, []]))
        // Code paths, caches and processes of every peer are warm before the first turn counts.
        for (const peer of peers) await peer.measure({ ...load, seconds: 0.3, pauseMs: 0 })
        for (let round = 0; round < rounds; round += 1) {
          for (const [peer, measured] of turns) {
            const pauseMs = concurrency === 1 ? THINKING_MS : 0
            measured.push(await peer.measure({ ...load, seconds: secondsPerTurn, pauseMs }))
          }
        }
        requireSameAnswers(turns, work)
        for (const [peer, measured] of turns) {
          const row = { runtime, peer: peer.name, work, size, concurrency, ...summary(measured) }
          rows.push(row)
          onProgress(progressLine(row))
        }
      }
    }
  }
  return rows
}

function summary(measured: readonly Measured[]): Percentiles & { callsPerSecond: number; calls: number } {
  const milliseconds = measured.flatMap((turn) => turn.milliseconds)
  const rates = measured.map((turn) => turn.callsPerSecond).sort((a, b) => a - b)
  return {
    ...percentiles(milliseconds),
    // The middle turn: one that another program disturbed does not count.
    callsPerSecond: round(rates[Math.floor(rates.length / 2)] ?? 0),
    calls: milliseconds.length,
  }
}

/** A peer that is fast and wrong is no peer. */
function requireSameAnswers(turns: ReadonlyMap<Peer, readonly Measured[]>, work: WorkName): void {
  const given = [...turns].flatMap(([{ name }, measured]) =>
    measured.flatMap(({ answers }) => answers.map((answer) => ({ name, answer }))),
  )
  const expected = given[0]?.answer.sha256
  for (const { name, answer } of given) {
    const isRight =
      work === 'error'
        ? answer.traceback !== null && /NameError.*heigth/s.test(answer.traceback)
        : answer.sha256 === expected && expected !== null
    if (!isRight)
      throw new Error(`${name} gives another answer to ${work}: ${answer.traceback ?? String(answer.sha256)}`)
  }
}

function progressLine({
  peer,
  work,
  size,
  concurrency,
  p50Ms,
  p95Ms,
  p99Ms,
  callsPerSecond,
  calls,
}: Row): string {
  const numbers = [p50Ms, p95Ms, p99Ms, callsPerSecond].map((value) => value.toFixed(1).padStart(9))
  return `${work.padEnd(7)} ${String(size).padStart(5)} ×${String(concurrency).padEnd(3)} ${peer.padEnd(19)} ${numbers.join('')}  (${calls} calls)`
}
