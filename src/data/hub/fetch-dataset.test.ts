import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, stat, statfs, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { HubError } from '../../core/errors.js'
import { startHubServer, type HubServer } from '../testing/hub-server.js'
import { loadSuite } from '../load-suite.js'
import { fileChecksum } from '../cache/file-checksum.js'
import { fetchDataset, type DownloadProgress, type FetchedDataset } from './fetch-dataset.js'

const root = await mkdtemp(join(tmpdir(), 'codevision-hub-'))
process.env['CODEVISION_CACHE'] = join(root, 'cache')
afterAll(() => rm(root, { recursive: true }))

const rows = randomBytes(300_000)
let server: HubServer
let directory: string
let count = 0

beforeEach(async () => {
  server = await startHubServer()
  server.files.set('data/test-00000-of-00002.parquet', { bytes: rows, isLarge: true })
  server.files.set('data/test-00001-of-00002.parquet', { bytes: Buffer.from('second'), isLarge: true })
  server.files.set('README.md', { bytes: Buffer.from('read me'), isLarge: false })
  server.files.set('photos/a b.jpg', { bytes: Buffer.from('a photo'), isLarge: false })
  directory = join(root, `set-${count++}`)
})
afterEach(() => server.close())

function fetched(
  changes: {
    revision?: string
    token?: string | null
    file?: string
    beside?: string[]
    endpoint?: string
    onProgress?: (progress: DownloadProgress) => void
  } = {},
): Promise<FetchedDataset> {
  const {
    revision = 'main',
    token = null,
    file = 'data/test-*.parquet',
    beside = [],
    endpoint = server.endpoint,
  } = changes
  return fetchDataset({
    hub: { repository: 'owner/set', revision, endpoint, token },
    directory,
    file,
    beside,
    onProgress: changes.onProgress,
  })
}

async function failure(changes: Parameters<typeof fetched>[0] = {}): Promise<string> {
  const error: unknown = await fetched(changes).catch((cause: unknown) => cause)
  expect(error).toBeInstanceOf(HubError)
  return (error as Error).message
}

const fileRequests = (): HubServer['requests'] => server.requests.filter(({ isCdn }) => isCdn)

describe('a data set of the hub', () => {
  test('comes with every shard and what stands beside it, whole, under the commit that the branch names', async () => {
    const { files, commit } = await fetched({ beside: ['photos/*'] })
    expect(commit).toBe(server.commit)
    expect(files).toEqual(
      ['00000', '00001'].map((shard) =>
        join(directory, server.commit, `data/test-${shard}-of-00002.parquet`),
      ),
    )
    expect(await readFile(files[0] ?? '')).toEqual(rows)
    expect(await readFile(join(directory, server.commit, 'photos/a b.jpg'), 'utf8')).toBe('a photo')
    expect(existsSync(join(directory, server.commit, 'README.md'))).toBe(false)
  })

  test('is asked for once: afterwards nothing needs the network', async () => {
    const first = await fetched()
    const requests = server.requests.length
    expect(await fetched({ endpoint: 'http://127.0.0.1:9' })).toEqual(first)
    expect(server.requests).toHaveLength(requests)
  })

  test('is taken from where the user has put it, without the hub', async () => {
    await mkdir(join(directory, 'main/data'), { recursive: true })
    const path = join(directory, 'main/data/test-0.parquet')
    await writeFile(path, 'mine')
    expect(await fetched({ endpoint: 'http://127.0.0.1:9' })).toEqual({ files: [path], commit: null })
  })

  test('tells how many bytes have come of how many', async () => {
    const told: DownloadProgress[] = []
    await fetched({ onProgress: (progress) => told.push(structuredClone(progress)) })
    const total = rows.length + 'second'.length
    expect(told.at(-1)).toEqual({
      repository: 'owner/set',
      files: { done: 2, total: 2 },
      bytes: { received: total, total },
    })
    expect(told.every(({ bytes }) => bytes.received <= bytes.total)).toBe(true)
  })

  test('its token goes to the hub and not to where the hub redirects to', async () => {
    server.token = 'secret'
    await fetched({ token: 'secret' })
    expect(
      server.requests
        .filter(({ isCdn }) => !isCdn)
        .every(({ authorization }) => authorization === 'Bearer secret'),
    ).toBe(true)
    expect(fileRequests().length).toBeGreaterThan(0)
    expect(fileRequests().every(({ authorization }) => authorization === undefined)).toBe(true)
  })
})

describe('a download that breaks', () => {
  const one = { file: 'data/test-00000-of-00002.parquet' }

  test('goes on from the byte where the connection was cut', async () => {
    server.cuts = [100_000, 50_000]
    const { files } = await fetched(one)
    expect(await readFile(files[0] ?? '')).toEqual(rows)
    expect(fileRequests().map(({ range, ifRange }) => [range, ifRange])).toEqual([
      [undefined, undefined],
      ['bytes=100000-', '"first"'],
      ['bytes=150000-', '"first"'],
    ])
  })

  test('goes on in a later process, from what an earlier one has left', async () => {
    server.cuts = [100_000, 0, 0, 0, 0, 0, 0]
    expect(await failure(one)).toMatch(/cannot be reached|the connection ended after 100000 of 300000 bytes/)
    const partial = join(directory, server.commit, `${one.file}.partial`)
    expect((await stat(partial)).size).toBe(100_000)
    server.cuts = []
    server.requests.length = 0
    await fetched(one)
    expect(fileRequests().map(({ range }) => range)).toEqual(['bytes=100000-'])
    expect(existsSync(partial)).toBe(false)
  })

  test('begins anew where the server has another version by now', async () => {
    server.cuts = [100_000, 0, 0, 0, 0, 0, 0]
    await failure(one)
    server.cuts = []
    server.etag = '"second"'
    const { files } = await fetched(one)
    expect(await readFile(files[0] ?? '')).toEqual(rows)
  })

  test('whose checksum is not the hub’s never gets its name, and is not gone on with', async () => {
    server.liesAboutChecksums = true
    expect(await failure(one)).toMatch(
      /damaged and was removed: expected 300000 bytes with the checksum [0-9a-f]{64}, got 300000 bytes with [0-9a-f]{64}/,
    )
    const path = join(directory, server.commit, one.file)
    expect([existsSync(path), existsSync(`${path}.partial`)]).toEqual([false, false])
  })

  test('a damaged beginning is found out by the checksum', async () => {
    await mkdir(join(directory, server.commit, 'data'), { recursive: true })
    await writeFile(join(directory, server.commit, `${one.file}.partial`), Buffer.alloc(1000))
    expect(await failure(one)).toMatch(/damaged and was removed/)
    const { files } = await fetched(one)
    expect(await readFile(files[0] ?? '')).toEqual(rows)
  })

  test('of a small file is compared with the checksum that git gives', async () => {
    server.liesAboutChecksums = true
    expect(await failure({ file: 'README.md' })).toMatch(/got 7 bytes with [0-9a-f]{40}/)
  })
})

describe('each way to fail is told in its own words', () => {
  test('no token, and one that may not read: with the address where terms are accepted', async () => {
    server.token = 'secret'
    expect(await failure()).toMatch(
      /refused \(HTTP 401\): expected a token, got none; set HF_TOKEN.* accept its terms.*\/datasets\/owner\/set/,
    )
    expect(await failure({ token: 'wrong' })).toMatch(/HTTP 403.*HF_TOKEN/)
  })

  test('a revision or a file that is not there', async () => {
    expect(await failure({ revision: 'gone' })).toMatch(
      /the revision gone of the data set owner\/set is not there \(HTTP 404\)/,
    )
    expect(await failure({ file: 'other.tsv' })).toMatch(
      /expected the file other\.tsv at the commit [0-9a-f]{40}, got 4 other files/,
    )
  })

  test('a hub that cannot be reached', async () => {
    expect(await failure({ endpoint: 'http://127.0.0.1:9' })).toMatch(/cannot be reached \(.*--data FILE/)
  })

  test('a disk without room, before anything is fetched', async () => {
    const listing = [{ path: 'big.tsv', size: 2 ** 52, checksum: { kind: 'git', value: 'a' } }]
    await mkdir(join(directory, 'listings'), { recursive: true })
    await writeFile(join(directory, 'listings', `${server.commit}.json`), JSON.stringify(listing))
    expect(await failure({ revision: server.commit, file: 'big.tsv' })).toMatch(
      /4503599627370496 bytes are still to come, .* free space, or set CODEVISION_CACHE/,
    )
    expect(server.requests).toEqual([])
  })
})

test('files that fit one by one and not together are refused before anything is fetched', async () => {
  const { bavail, bsize } = await statfs(root)
  const size = Math.ceil(bavail * bsize * 0.6)
  const listing = ['a.tsv', 'b.tsv'].map((path) => ({ path, size, checksum: { kind: 'git', value: 'a' } }))
  await mkdir(join(directory, 'listings'), { recursive: true })
  await writeFile(join(directory, 'listings', `${server.commit}.json`), JSON.stringify(listing))
  const message = await failure({ revision: server.commit, file: '*.tsv' })
  expect(message).toContain(`2 files of owner/set: ${2 * size} bytes are still to come`)
  expect(server.requests).toEqual([])
})

test('two that fetch at once write the file once, and the one that waits says for what', async () => {
  const told: DownloadProgress[] = []
  const onProgress = (progress: DownloadProgress): void => void told.push(structuredClone(progress))
  const both = await Promise.all([fetched({ onProgress }), fetched({ onProgress })])
  expect(told).toContainEqual(
    expect.objectContaining({
      waitsFor: expect.stringMatching(new RegExp(`^process ${process.pid} on .*\\.lock\\)$`)),
    }),
  )
  expect(both[0]).toEqual(both[1])
  expect(fileRequests()).toHaveLength(2)
  expect(await fileChecksum(both[0].files[0] ?? '')).toMatch(/^[0-9a-f]{64}$/)
})

test('a suite is loaded from the hub, with the pictures beside its rows, and says which commit it is', async () => {
  const row = {
    image: 'photos/a b.jpg',
    text: 'Which?\n(A) x\n(B) y',
    category: 'c',
    label: 'B',
    question_id: '0',
  }
  server.files.set('rows.jsonl', { bytes: Buffer.from(JSON.stringify(row)), isLarge: false })
  const definition = join(root, 'own.yaml')
  await writeFile(
    definition,
    [
      'name: own',
      'title: Own',
      "source: { kind: hub, repository: owner/set, revision: main, file: rows.jsonl, beside: ['photos/*'] }",
      'rows: vstar',
      'columns: {}',
      'scoring: strict',
    ].join('\n'),
  )
  process.env['HF_ENDPOINT'] = `${server.endpoint}/`
  try {
    const suite = await loadSuite({ suite: definition })
    expect(suite.origin).toEqual({ repository: 'owner/set', revision: 'main', commit: server.commit })
    for await (const { task } of suite.tasks())
      expect((await task.images[0]?.read())?.toString()).toBe('a photo')
  } finally {
    delete process.env['HF_ENDPOINT']
  }
})
