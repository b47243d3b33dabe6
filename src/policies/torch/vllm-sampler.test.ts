import { once } from 'node:events'
import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readlink, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { hostname, tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { EngineError, StoreError, TrainingError, UsageError } from '../../core/errors.js'
import { expectOwnWeights } from './expect-own-weights.js'
import type { TorchWorker } from './torch-worker.js'
import type { TurnSampler } from './turn-sampler.js'
import { createVllmSampler, onePadAnImage, type VllmSamplerParameters } from './vllm-sampler.js'
import { createVllmServer } from './vllm-server.js'

/** What crosses to a server and back; that a real one takes it so is tried by `npm run verify:full vllm`. */
const PAD = 9
const END = 7

interface Asked {
  path: string
  body: Record<string, unknown>
}

let folder: string
let server: Server
let url: string
let asked: Asked[]
let published: string[]
/** Answers by path; else what a server that works says. */
let answers: Record<string, (body: Record<string, unknown>) => { status?: number; json: unknown }>
const opened: TurnSampler[] = []

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vllm-sampler-'))
  asked = []
  published = []
  answers = {}
  server = createServer((request, response) => {
    void text(request).then((raw) => {
      const path = request.url ?? ''
      const body = (raw === '' ? {} : JSON.parse(raw)) as Record<string, unknown>
      asked.push({ path, body })
      const { status = 200, json } = answers[path]?.(body) ?? { json: DEFAULTS[path]?.(body) ?? {} }
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(json))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one.close()))
  server.closeAllConnections()
  server.close()
  await rm(folder, { recursive: true, force: true })
})

const DEFAULTS: Record<string, (body: Record<string, unknown>) => unknown> = {
  '/v1/models': () => ({
    data: [
      { id: 'mine', parent: null, max_model_len: 9 },
      { id: 'an adapter', parent: 'mine' },
    ],
  }),
  '/inference/v1/generate': ({ token_ids: ids }) => written({ ids: ids as number[], tokens: [1, 2, END] }),
}

function written({ ids, tokens, finish = 'stop' }: { ids: number[]; tokens: number[]; finish?: string }) {
  const content = tokens.map((id) => ({ token_id: id, logprob: -id / 10 }))
  return {
    // The server repeats the pad of an image.
    prompt_token_ids: ids.flatMap((id) => (id === PAD ? [PAD, PAD] : [id])),
    choices: [{ finish_reason: finish, token_ids: tokens, logprobs: { content } }],
  }
}

function open(parameters: Partial<VllmSamplerParameters> = {}): TurnSampler {
  const worker = {
    run: async ({ arguments: { directory = '' } = {} }: { arguments?: { directory?: string } }) => {
      published.push(directory)
      return { result: null, arrays: {} }
    },
  } as unknown as TorchWorker
  const sampler = createVllmSampler({
    ...{ server: createVllmServer({ url, apiKey: null }), worker, trains: 'lora', folder },
    ...{ imagePad: PAD, stopIds: new Set([END]), decode: (ids) => ids.map(() => 'ab').join('') },
    ...parameters,
  })
  opened.push(sampler)
  return sampler
}

const prompt = [3, PAD, PAD, 4]
async function turnOf(sampler: TurnSampler, { ids = prompt, maxCharacters = Infinity } = {}) {
  const image = { sha256: 's', width: 1, height: 1, mediaType: 'image/png' as const }
  return sampler.sample({
    conversation: { ids, take: () => null } as unknown as Parameters<
      TurnSampler['sample']
    >[0]['conversation'],
    messages: [
      {
        role: 'user',
        content: [{ type: 'image', index: 0, image: { ...image, read: async () => Buffer.from('png') } }],
      },
    ],
    ...{ seed: 'a', maxTokens: 5, maxCharacters, signal: new AbortController().signal },
  })
}
const ofMachine = (): string => join(folder, `codevision-weights-${hostname()}-${userInfo().uid}`)
const left = (): Promise<string[]> => readdir(ofMachine())
const paths = (): string[] => asked.map(({ path }) => path)

test('a turn is asked for by tokens, one pad an image, with its images beside; what is told is what was drawn', async () => {
  const done = await turnOf(open())
  expect(done).toEqual({
    tokens: [1, 2, END].map((id) => ({ id, logprob: -id / 10 })),
    finish: 'stop',
  })
  const body = asked.at(-1)?.body ?? {}
  expect(body).toMatchObject({
    token_ids: [3, PAD, 4],
    content_parts: [
      { type: 'image_url', url: `data:image/png;base64,${Buffer.from('png').toString('base64')}` },
    ],
    sampling_params: {
      ...{ temperature: 1, top_p: 1, top_k: 0, max_tokens: 5, logprobs: 0, stop_token_ids: [END] },
      logit_bias: { [PAD]: -100 },
    },
  })
  const { seed } = body['sampling_params'] as { seed: number }
  expect(Number.isSafeInteger(seed)).toBe(true)
})

test('weights that the engine cannot write name the setting of their folder', async () => {
  const run = async (): Promise<never> => {
    throw new EngineError('No space left on device')
  }
  const sampler = open({ worker: { run } as unknown as TorchWorker })
  await expect(turnOf(sampler)).rejects.toThrow(
    /could not be written to .*codevision-weights-.*\(model\.vllm\.folder\)\. No space left on device/,
  )
  expect(await left()).toHaveLength(1)
})

test('weights that find no room on the disk name the setting of their folder and what to do, and end no engine', async () => {
  const run = async (): Promise<never> => {
    throw Object.assign(new Error('ENOSPC: No space left on device (os error 28)'), { code: 'ENOSPC' })
  }
  const turn = turnOf(open({ worker: { run } as unknown as TorchWorker }))
  await expect(turn).rejects.toThrow(StoreError)
  await expect(turn).rejects.toThrow(
    /could not be written to .*codevision-weights-.*\(model\.vllm\.folder\)\. .*ENOSPC.*; free space/,
  )
  expect(await left()).toHaveLength(1)
})

test('adapters are handed over before the first turn and after each change, once for all that wait, under new names', async () => {
  const sampler = open()
  await Promise.all([turnOf(sampler), turnOf(sampler)])
  await turnOf(sampler)
  sampler.weightsChanged()
  await Promise.all([turnOf(sampler), turnOf(sampler)])
  expect(published).toHaveLength(2)
  const loads = asked.filter(({ path }) => path === '/v1/load_lora_adapter').map(({ body }) => body)
  expect(loads.map((body) => body['lora_path'])).toEqual(published)
  const [first, second] = loads.map((body) => body['lora_name'])
  expect(first).not.toBe(second)
  const used = asked.filter(({ path }) => path.endsWith('generate')).map(({ body }) => body['model'])
  expect(used).toEqual([first, first, first, second, second])
  const salts = asked.filter(({ path }) => path.endsWith('generate')).map(({ body }) => body['cache_salt'])
  expect(new Set(salts).size).toBe(2)
  // Who is told of the new ones lets go of the old ones.
  await sampler.close()
  const gone = asked
    .filter(({ path }) => path === '/v1/unload_lora_adapter')
    .map(({ body }) => body['lora_name'])
  expect(gone).toEqual([first, second])
  expect(await left()).toEqual([])
})

test('what a killed process left of its weights is removed, what one that lives has stays', async () => {
  const child = spawn('true')
  await once(child, 'exit')
  const namespace = /\d+/.exec(await readlink('/proc/self/ns/pid'))?.[0]
  const [gone, alive] = [child.pid, process.pid].map((pid) => `codevision-${namespace}-${pid}-x`)
  for (const name of [gone, alive]) await mkdir(join(ofMachine(), String(name), '3'), { recursive: true })
  await turnOf(open())
  expect(await left()).not.toContain(gone)
  expect(await left()).toContain(alive)
})

test('all weights are read by the server, and what its images were is forgotten', async () => {
  await turnOf(open({ trains: 'full' }))
  expect(paths()).toEqual(['/v1/models', '/collective_rpc', '/reset_encoder_cache', '/inference/v1/generate'])
  expect(asked[1]?.body).toEqual({ method: 'reload_weights', kwargs: { weights_path: published[0] } })
  expect(asked[3]?.body['model']).toBe('mine')
})

test('a turn ends where the engine would have ended it: too many characters, the first end', async () => {
  const sampler = open()
  expect(await turnOf(sampler, { maxCharacters: 3 })).toMatchObject({
    tokens: [{ id: 1 }, { id: 2 }],
    finish: 'length',
  })
  answers['/inference/v1/generate'] = () => ({
    json: written({ ids: [3, PAD, 4], tokens: [1, 2], finish: 'length' }),
  })
  expect(await turnOf(sampler)).toMatchObject({ tokens: [{ id: 1 }, { id: 2 }], finish: 'length' })
  answers['/inference/v1/generate'] = () => ({ json: written({ ids: [3, PAD, 4], tokens: [1, 2] }) })
  await expect(turnOf(sampler)).rejects.toThrow('without one of the tokens that end it (7)')
})

test('a server that reads the images otherwise, or answers otherwise, is an error that says so', async () => {
  const sampler = open()
  await expect(turnOf(sampler, { ids: [3, PAD, PAD, PAD, 4] })).rejects.toThrow(
    'read another prompt than was sent: 4 tokens, expected 5; they part at 3',
  )
  answers['/inference/v1/generate'] = () => ({ json: { choices: [] } })
  await expect(turnOf(sampler)).rejects.toThrow('expected what vLLM 0.32 answers')
  answers['/inference/v1/generate'] = () => {
    const json = written({ ids: [3, PAD, 4], tokens: [1, END] })
    return { json: { ...json, choices: json.choices.map((one) => ({ ...one, token_ids: [1, 2, END] })) } }
  }
  await expect(turnOf(sampler)).rejects.toThrow('expected a log-probability for each of 3 tokens, got 2')
})

test('routes that the server was not started for are told with what is missing', async () => {
  const refused = (status: number, message: string) => () => ({ status, json: { error: { message } } })
  answers['/inference/v1/generate'] = refused(403, 'Scale-out endpoints are disabled')
  await expect(turnOf(open())).rejects.toThrow(/answered 403: Scale-out .*--enable-scale-out/)
  answers['/v1/load_lora_adapter'] = refused(404, 'Not Found')
  await expect(turnOf(open())).rejects.toThrow(/VLLM_ALLOW_RUNTIME_LORA_UPDATING=1/)
  answers['/collective_rpc'] = refused(404, 'Not Found')
  await expect(turnOf(open({ trains: 'full' }))).rejects.toThrow(/VLLM_SERVER_DEV_MODE=1/)
  await Promise.all(opened.splice(0).map((one) => one.close()))
  expect(await left()).toEqual([])
})

test('a server that is started anew gets the weights again, and is checked again', async () => {
  const sampler = open()
  await turnOf(sampler)
  answers['/inference/v1/generate'] = () => ({ status: 404, json: { error: { message: 'no such model' } } })
  await expect(turnOf(sampler)).rejects.toThrow('no such model')
  expect(sampler.losses).toBe(1)
  answers = {}
  await turnOf(sampler)
  expect(paths().filter((path) => path === '/v1/load_lora_adapter')).toHaveLength(2)
})

test('an answer that was lost is no reason to load adapters under a name twice', async () => {
  const said = 'The lora adapter has already been loaded.'
  answers['/v1/load_lora_adapter'] = () => ({ status: 400, json: { error: { message: said } } })
  expect(await turnOf(open())).toMatchObject({ finish: 'stop' })
})

test('a conversation that the server does not take is full, as one that the model does not', async () => {
  const full = turnOf(open(), { ids: [1, 2, 3, 4, 5, 6, PAD, 8, 10] })
  await expect(full).rejects.toMatchObject({ isContextFull: true })
  await turnOf(open(), { ids: [1, 2, 3, 4, 5, PAD, PAD] })
  expect(asked.at(-1)?.body['sampling_params']).toMatchObject({ max_tokens: 2 })
})

test('a server that is busy is asked again, one that stays so not for ever', async () => {
  let refusals = 2
  answers['/inference/v1/generate'] = (body) =>
    refusals-- > 0
      ? { status: 503, json: { error: { message: 'busy' } } }
      : { json: DEFAULTS['/inference/v1/generate']?.(body) }
  expect(await turnOf(open())).toMatchObject({ finish: 'stop' })
  asked = []
  refusals = Infinity
  await expect(turnOf(open())).rejects.toMatchObject({ status: 503, attempts: 5 })
  expect(paths().filter((path) => path.endsWith('generate'))).toHaveLength(5)
  expect(() => createVllmServer({ url: 'ftp://x', apiKey: null })).toThrow(UsageError)
}, 30_000)

test('a server with other weights is told from one with the same', () => {
  const segments = [
    { ids: [1], mask: [0 as const], logprobs: [0], images: [] },
    // Of a turn before, which other weights may have written.
    { ids: [2], mask: [1 as const], logprobs: [-9], images: [] },
    { ids: [2, 3], mask: [1 as const, 1 as const], logprobs: [-0.5, -1], images: [] },
  ]
  expect(() => expectOwnWeights({ segments, own: [Float64Array.of(-1, -0.51, -1.05)] })).not.toThrow()
  const other = (): void => expectOwnWeights({ segments, own: [Float64Array.of(-9, -2.5, -1)] })
  expect(other).toThrow(TrainingError)
  expect(other).toThrow('of 2 tokens are 1.00 from the engine')
})

test('pads of an image stand as one, those of two images as two', () => {
  expect(onePadAnImage({ ids: [1, PAD, PAD, 2, PAD, 3], imagePad: PAD })).toEqual([1, PAD, 2, PAD, 3])
})
