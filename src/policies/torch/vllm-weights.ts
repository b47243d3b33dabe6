import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { hostname, userInfo } from 'node:os'
import { join, resolve } from 'node:path'
import { makeFolder } from '../../config/make-folder.js'
import { errorCode } from '../../core/error-code.js'
import { EngineError, ModelError, StoreError } from '../../core/errors.js'
import { ownPrefix, removeAbandonedDirectories } from '../../sandbox/abandoned-directories.js'
import type { TorchWorker } from './torch-worker.js'
import type { VllmModel, VllmServer } from './vllm-server.js'

export interface VllmWeightsParameters {
  server: VllmServer
  /** Of the engine, which writes the weights out. */
  worker: TorchWorker
  /** Adapters alone change, or all weights. */
  trains: 'lora' | 'full'
  /** Where weights are handed over; the server reads it under the same path. */
  folder: string
}

/** Weights that the server has. */
export interface HandedWeights {
  /** After how many changes. */
  readonly version: number
  /** By which they are asked for. */
  readonly model: string
  /** Different for all that were ever handed over. */
  readonly name: string
  /** Longest conversation that the server takes. */
  readonly maxTokens: number
  readonly directory: string
  /** Turns that are being written with them. */
  readonly turns: Set<Promise<unknown>>
}

/** Keeps a server's weights those of the engine. */
export interface VllmWeights {
  /** How often they have changed. */
  readonly version: number
  /** How often the server may have become another one: what was known of it is to be found out again. */
  readonly losses: number
  changed(): void
  /** The newest, which the server has then; asked for by many, they are handed over once. @throws ModelError, EngineError, StoreError. */
  newest(): Promise<HandedWeights>
  /** Write a turn with them; meanwhile the server keeps them. Where it is gone or does not know them, they are handed over again. */
  use<Value>(weights: HandedWeights, turn: () => Promise<Value>): Promise<Value>
  close(): Promise<void>
}

/** The last request of all: nobody waits for it any longer. */
const GOODBYE_MS = 10_000

/** Weights lie in a folder of this policy alone while the server may read them; adapters of one version have a name of their own, under which nothing was ever computed. */
export function createVllmWeights({ server, worker, trains, folder }: VllmWeightsParameters): VllmWeights {
  let version = 0
  let losses = 0
  let attempts = 0
  let publishing: Promise<void> | null = null
  let published: HandedWeights | null = null
  let own: string | null = null
  const leaving = new Set<Promise<void>>()
  const ending = new AbortController()
  const id = randomUUID().slice(0, 8)

  async function publish(next: number): Promise<void> {
    const { signal } = ending
    const base: VllmModel = await server.model(signal)
    own ??= await ownFolder(resolve(folder))
    const name = `codevision-${id}-${++attempts}`
    const directory = join(own, String(attempts))
    const before = published
    try {
      await worker.run({ method: 'publish', arguments: { directory } }).catch((cause: unknown) => {
        throw notWritten({ cause, directory })
      })
      // A turn is written with the weights that it began with.
      if (trains === 'full') await Promise.allSettled(before?.turns ?? [])
      if (trains === 'full') await server.reloadWeights({ folder: directory, signal })
      else await server.loadAdapters({ name, folder: directory, signal })
    } catch (error) {
      await withdraw({ name, directory })
      throw error
    }
    const model = trains === 'full' ? base.name : name
    published = { version: next, model, name, maxTokens: base.maxTokens, directory, turns: new Set() }
    if (trains === 'full') await rm(directory, { recursive: true, force: true })
    else if (before !== null) leave(before)
  }

  /** As soon as no turn is written with them. */
  function leave(weights: HandedWeights): void {
    // What cannot be removed is told when the whole folder is.
    const leaves = Promise.allSettled(weights.turns)
      .then(() => withdraw(weights))
      .catch(() => undefined)
    leaving.add(leaves)
    void leaves.finally(() => leaving.delete(leaves))
  }

  /** A server that does not know them any more needs not be told. */
  async function withdraw({ name, directory }: Pick<HandedWeights, 'name' | 'directory'>): Promise<void> {
    if (trains === 'lora')
      await server.unloadAdapters({ name, signal: AbortSignal.timeout(GOODBYE_MS) }).catch(() => undefined)
    await rm(directory, { recursive: true, force: true })
  }

  return {
    get version() {
      return version
    },
    get losses() {
      return losses
    },
    changed() {
      version += 1
    },
    async newest() {
      for (;;) {
        if (published?.version === version) return published
        publishing ??= publish(version).finally(() => (publishing = null))
        await publishing
      }
    },
    async use(weights, turn) {
      const writing = turn()
      weights.turns.add(writing)
      try {
        return await writing
      } catch (error) {
        if (mayBeAnother(error) && published === weights) {
          published = null
          losses += 1
          leave(weights)
        }
        throw error
      } finally {
        weights.turns.delete(writing)
      }
    },
    async close() {
      ending.abort(new ModelError('The policy is closed.'))
      await publishing?.catch(() => undefined)
      if (published !== null) leave(published)
      await Promise.all(leaving)
      if (own !== null) await rm(own, { recursive: true, force: true })
    },
  }
}

/** After such an error a server that answers may have been started anew. */
function mayBeAnother(error: unknown): boolean {
  if (!(error instanceof ModelError) || error.isContextFull) return false
  return error.status === undefined || error.status === 404 || error.status >= 500
}

/** Names the setting of the folder; the engine, where it could not write there, goes on. */
function notWritten({ cause, directory }: { cause: unknown; directory: string }): unknown {
  const what = `The weights for the vLLM server could not be written to ${directory}: expected a folder with room for them (model.vllm.folder).`
  if (cause instanceof EngineError)
    return new EngineError(`${what} ${cause.message}`, { cause, isRetryable: cause.isRetryable })
  if (errorCode(cause) === null) return cause
  return new StoreError(
    `${what} ${String(cause)}; free space or permissions there, or choose another folder`,
    {
      cause,
    },
  )
}

/** A new one beside those of others on this machine; what was killed there has left gigabytes behind. */
async function ownFolder(folder: string): Promise<string> {
  const ofMachine = join(folder, `codevision-weights-${hostname()}-${userInfo().uid}`)
  await makeFolder(ofMachine, 'model.vllm.folder')
  await removeAbandonedDirectories(ofMachine)
  return mkdtemp(join(ofMachine, ownPrefix()))
}
