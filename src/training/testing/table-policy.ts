import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DataError, UsageError } from '../../core/errors.js'
import { textOf } from '../../core/message.js'
import type { PolicyRequest } from '../../core/policy.js'
import { createTokenLedger, type OpenTokenLedger, type TokenLedger } from '../../core/token-ledger.js'
import type { LogprobsRequest, SampledLogprobs, TrainablePolicy } from '../../core/trainable-policy.js'
import { uniformStream } from '../../core/uniform-stream.js'
import { createTable, type Table } from './table.js'

/** Id of the token that ends a turn; the words have the ids from 1 on. */
const END = 0
const BUCKETS = 101
const TURNS = 3
const POSITIONS = 3

export interface TablePolicyParameters {
  /** What it can write: each is one token. */
  words: readonly string[]
  seed: number
  temperature?: number
  /** Tokens of a turn, the end included. */
  turnTokens?: number
  /** Called before each turn: may wait, or throw. */
  before?: (request: PolicyRequest) => Promise<void>
}

export interface TablePolicy extends TrainablePolicy {
  /** Probability of a word as the first of the first turn of an answer to a question. */
  probabilityOf(asked: { question: string; word: string }): number
  /** Rollouts whose tokens are kept. */
  readonly kept: number
}

/**
 * A small policy that learns: a table of scores of each word, by question (in buckets), turn and place in the turn. It samples by softmax, its derivatives are
 * exact, its optimizer is Adam, and all of that is saved.
 */
export function createTablePolicy({
  words,
  seed,
  temperature: sampledAt = 1,
  turnTokens = 3,
  before = () => Promise.resolve(),
}: TablePolicyParameters): TablePolicy {
  const size = words.length + 1
  const table = createTable({ rows: BUCKETS * TURNS * POSITIONS, columns: size })
  const ledgers = new Map<string, OpenTokenLedger>()
  const keyOf = ({ key, epoch }: { key: string; epoch: number }): string => `${key}/${epoch}`
  const contextId = (question: string): number => size + bucketOf(question)
  const rowOf = (bucket: number, turn: number, position: number): number =>
    (bucket * TURNS + Math.min(turn, TURNS - 1)) * POSITIONS + Math.min(position, POSITIONS - 1)

  /** Every sampled token with the row that it was sampled from. */
  const sampledTokens = (ledger: TokenLedger): { row: number; id: number }[] => {
    const bucket = (ledger.segments[0]?.ids[0] ?? size) - size
    const turns = ledger.segments.filter(({ mask }) => mask[0] === 1)
    return turns.flatMap(({ ids }, turn) =>
      ids.map((id, position) => ({ row: rowOf(bucket, turn, position), id })),
    )
  }
  const logprobsUnder = (held: Table, { rollouts, temperature = 1 }: LogprobsRequest): SampledLogprobs =>
    rollouts.map(({ ledger }) =>
      Float64Array.from(sampledTokens(ledger), ({ row, id }) => held.logprobs(row, temperature)[id] ?? 0),
    )
  const wordsOf = (text: string): number[] => {
    const ids: number[] = []
    for (let rest = text; rest !== '';) {
      const word = words.findIndex((one) => rest.startsWith(one))
      if (word < 0) throw new UsageError(`expected a word of the table, got ${rest}`)
      ids.push(word + 1)
      rest = rest.slice(words[word]?.length)
    }
    return ids
  }

  return {
    name: 'table',
    model: 'table',
    get kept() {
      return ledgers.size
    },
    async next(request) {
      const { messages, sample, turn, signal } = request
      await before(request)
      signal.throwIfAborted()
      const key = keyOf(sample)
      const question = messages.find(({ role }) => role === 'user')
      const ledger = (turn > 0 ? ledgers.get(key) : undefined) ?? createTokenLedger({ imagePad: -1 })
      ledgers.set(key, ledger)
      // A result of a tool is one token, the same for all.
      const given = turn === 0 ? contextId(question === undefined ? '' : textOf(question)) : size + BUCKETS
      ledger.addContext({ ids: [given], images: [] })
      const prompt = [...ledger.ids]
      const random = uniformStream(JSON.stringify([seed, sample.key, sample.epoch, turn]))
      const bucket = (ledger.ids[0] ?? size) - size
      const [ids, logprobs]: [number[], number[]] = [[], []]
      while (ids.length < turnTokens && ids.at(-1) !== END) {
        const row = table.logprobs(rowOf(bucket, turn, ids.length), sampledAt)
        const id = draw(row, random())
        ids.push(id)
        logprobs.push(row[id] ?? 0)
      }
      ledger.addTurn({ prompt, ids, logprobs })
      return {
        text: ids.map((id) => words[id - 1] ?? '').join(''),
        toolCalls: [],
        finishReason: 'stop',
        usage: { promptTokens: prompt.length, completionTokens: ids.length },
      }
    },
    ledgerOf: (sample) => ledgers.get(keyOf(sample)) ?? null,
    forget: (sample) => void ledgers.delete(keyOf(sample)),
    async encode({ messages }) {
      if (!messages.some(({ role }) => role === 'assistant'))
        throw new DataError('expected a conversation with a turn of the assistant, got none')
      const ledger = createTokenLedger({ imagePad: -1 })
      for (const message of messages) {
        const text = textOf(message)
        if (message.role === 'user') ledger.addContext({ ids: [contextId(text)], images: [] })
        if (message.role === 'tool') ledger.addContext({ ids: [size + BUCKETS], images: [] })
        if (message.role !== 'assistant') continue
        const ids = [...wordsOf(text), END]
        ledger.addTurn({ prompt: [...ledger.ids], ids, logprobs: ids.map(() => 0) })
      }
      return { ledger, images: new Map<never, never>() }
    },
    logprobs: (request) => Promise.resolve(logprobsUnder(table, request)),
    reference() {
      const held = table.copy()
      return Promise.resolve({
        logprobs: (request) => Promise.resolve(logprobsUnder(held, request)),
        dispose: () => Promise.resolve(),
      })
    },
    step(request) {
      const { rollouts, temperature = 1, gradient, learningRate, maxGradientNorm } = request
      const logprobs = logprobsUnder(table, request)
      // In two parts, as an engine with little memory does.
      const half = Math.ceil(rollouts.length / 2)
      const places = rollouts.map((_, index) => index)
      for (const part of [places.slice(0, half), places.slice(half)]) {
        if (part.length === 0) continue
        const asked = part.map((place) => logprobs[place] ?? new Float64Array(0))
        const slopes = gradient({ rollouts: part, logprobs: asked })
        part.forEach((place, at) => {
          const rollout = rollouts[place]
          if (rollout === undefined) return
          sampledTokens(rollout.ledger).forEach(({ row, id }, token) =>
            table.addGradient({ row, id, slope: slopes[at]?.[token] ?? Number.NaN, temperature }),
          )
        })
      }
      return Promise.resolve({ gradientNorm: table.update({ learningRate, maxGradientNorm }) })
    },
    async save(directory) {
      await mkdir(directory, { recursive: true })
      await writeFile(join(directory, 'table.json'), JSON.stringify(table.state()))
    },
    async load(directory) {
      table.restore(JSON.parse(await readFile(join(directory, 'table.json'), 'utf8')))
    },
    probabilityOf({ question, word }) {
      const id = words.indexOf(word) + 1
      return Math.exp(table.logprobs(rowOf(bucketOf(question), 0, 0), 1)[id] ?? -Infinity)
    },
  }
}

function bucketOf(question: string): number {
  return Math.floor(uniformStream(question)() * BUCKETS)
}

function draw(logprobs: Float64Array, uniform: number): number {
  let left = uniform
  for (let id = 0; id < logprobs.length; id++) {
    left -= Math.exp(logprobs[id] ?? -Infinity)
    if (left < 0) return id
  }
  return logprobs.length - 1
}
