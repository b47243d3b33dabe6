import { chmod, mkdtemp, readdir, rm, symlink, unlink, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { openRun } from '../store/open-run.js'
import { testImage, writeTestRun, type TestImage } from './testing/test-run.js'
import { startViewServer, type ViewServer } from './view-server.js'

let folder: string
let image: TestImage
let linked: TestImage
let server: ViewServer

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'codevision-view-test-'))
  image = await testImage({ width: 30, height: 20, seed: 1 })
  linked = await testImage({ width: 30, height: 20, seed: 2 })
  await writeFile(join(folder, 'secret'), 'nobody’s business')
  const path = join(folder, 'run')
  await writeTestRun({ path, samples: [], images: [image, linked] })
  const file = join(path, 'images', `${linked.sha256}.png`)
  await unlink(file)
  await symlink(join(folder, 'secret'), file)
  server = await startViewServer({ paths: [path] })
})
afterAll(async () => {
  await server.close()
  await rm(folder, { recursive: true })
})

/** As a client that does not tidy the path up. */
function ask(
  path: string,
  { method = 'GET', host }: { method?: string; host?: string } = {},
): Promise<{ status: number; body: string; headers: Record<string, unknown> }> {
  const { hostname, port } = new URL(server.url)
  return new Promise((resolve, reject) => {
    const headers = host === undefined ? {} : { host }
    request({ hostname, port, path, method, headers }, (response) => {
      const parts: Buffer[] = []
      response
        .on('data', (part: Buffer) => parts.push(part))
        .on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            body: Buffer.concat(parts).toString('utf8'),
            headers: response.headers,
          }),
        )
    })
      .on('error', reject)
      .end()
  })
}

const inside = (rest: string): string => new URL(server.url).pathname + rest

test('the page, its chunks and its images are there, and nothing may keep them', async () => {
  const page = await ask(inside(''))
  expect(page.status).toBe(200)
  expect(page.headers).toMatchObject({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' })
  const index = /"index":"(index-[0-9a-f]{16}\.js)"/.exec(page.body)?.[1] ?? ''
  const chunk = await ask(inside(`runs/0/report/${index}`))
  expect(chunk.body).toMatch(/^codevisionChunk\('/)
  expect((await ask(inside(`runs/0/images/${image.sha256}.png`))).headers['content-type']).toBe('image/png')
})

test.each([
  'runs/0/images/../manifest.json',
  'runs/0/images/..%2fmanifest.json',
  'runs/0/images/%2e%2e%2f%2e%2e%2fsecret',
  'runs/0/report/..%2f..%2fsecret',
  'runs/0/report/samples.jsonl',
  'runs/0/../../secret',
  'runs/1/images/' + '0'.repeat(64) + '.png',
  'runs/__proto__/images/' + '0'.repeat(64) + '.png',
  'runs/0/images/' + '0'.repeat(64) + '.png',
  'manifest.json',
])('%s is not given', async (rest) => {
  expect((await ask(inside(rest))).status).toBe(404)
})

test('a link that leads out of the run is not followed', async () => {
  const answer = await ask(inside(`runs/0/images/${linked.sha256}.png`))
  expect(answer.status).toBe(404)
  expect(answer.body).not.toContain('business')
})

test('who does not know the address, comes by another name, or wants to write, is refused', async () => {
  expect((await ask('/')).status).toBe(404)
  expect((await ask('/0123456789abcdef01234567/')).status).toBe(404)
  expect((await ask(inside(''), { host: 'evil.example:80' })).status).toBe(403)
  expect((await ask(inside(''), { host: '127.0.0.1.evil.example' })).status).toBe(403)
  for (const method of ['POST', 'PUT', 'DELETE']) expect((await ask(inside(''), { method })).status).toBe(404)
})

test('a run that is being written, in a folder that cannot be written, is shown and stays as it was', async () => {
  const path = join(folder, 'busy')
  await writeTestRun({ path, samples: [], images: [] })
  const run = await openRun({ path, mode: 'append' })
  await chmod(path, 0o555)
  const before = await readdir(path)
  const other = await startViewServer({ paths: [path, path] })
  expect((await fetch(other.url)).status).toBe(200)
  await other.close()
  await other.close()
  expect(await readdir(path)).toEqual(before)
  await chmod(path, 0o755)
  await run.close()
})

test('nothing is left of a view that ended or could not begin', async () => {
  const scratch = await mkdtemp(join(folder, 'scratch-'))
  const paths = [join(folder, 'run')]
  const other = await startViewServer({ paths, scratch })
  expect(await readdir(scratch)).toHaveLength(1)
  await other.close()
  expect(await readdir(scratch)).toEqual([])
  const port = Number(new URL(server.url).port)
  await expect(startViewServer({ paths, port, scratch })).rejects.toThrow(/does not give it \(EADDRINUSE\)/)
  await expect(startViewServer({ paths: [join(folder, 'none')], scratch })).rejects.toThrow(/folder of a run/)
  expect(await readdir(scratch)).toEqual([])
})
