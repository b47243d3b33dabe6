import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, expect, test } from '@jest/globals'
import sharp from 'sharp'
import { cacheDirectory } from '../config/cache-directory.js'
import { startHubServer } from '../data/testing/hub-server.js'
import { completionBody } from '../llm/testing/completion-body.js'
import { startScriptedServer } from '../llm/testing/scripted-server.js'

const program = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))
const folder = await mkdtemp(join(tmpdir(), 'codevision-cli-hub-'))
const hub = await startHubServer()
const model = await startScriptedServer({
  handler: () => ({ body: completionBody({ text: '<answer>a</answer>' }) }),
})
afterAll(async () => {
  await hub.close()
  await model.close()
  await rm(folder, { recursive: true })
})

/** A cache directory that knows no data set, as on another machine; the sandbox's Python is that of the real one. */
async function newCache(name: string): Promise<string> {
  const cache = join(folder, name)
  await mkdir(cache)
  await symlink(join(cacheDirectory(), 'python'), join(cache, 'python'))
  return cache
}

const image = (
  await sharp(Buffer.from([1, 2]), { raw: { width: 2, height: 1, channels: 1 } })
    .png()
    .toBuffer()
).toString('base64')
const rowsOf = (questions: readonly string[]): Buffer =>
  Buffer.from(
    questions
      .map((question) => `${JSON.stringify({ question, answer: 'a', image: { bytes: image } })}\n`)
      .join(''),
  )

test('a resumed run asks the rows of its own commit, though the branch has moved and the cache is empty', async () => {
  const first = hub.commit
  hub.files.set('rows.jsonl', { bytes: rowsOf(['One?', 'Two?']), isLarge: false })
  await writeFile(
    join(folder, 'own.yaml'),
    'name: own\ntitle: Own\nsource: { kind: hub, repository: owner/set, revision: main, file: rows.jsonl }\nrows: mvtoolbench\ncolumns: {}\nscoring: strict\n',
  )
  const evaluate = async (cache: string, ...more: string[]): Promise<{ code: number; stderr: string }> => {
    const options = ['--model', 'm', '--judge', 'none', '--name', 'own', '--no-cache', '--concurrency', '1']
    const environment = { HF_ENDPOINT: hub.endpoint, CODEVISION_CACHE: cache, OPENAI_BASE_URL: model.baseUrl }
    return promisify(execFile)(process.execPath, [program, 'eval', 'own.yaml', ...options, ...more], {
      cwd: folder,
      env: { ...process.env, ...environment },
    }).then(
      ({ stderr }) => ({ code: 0, stderr }),
      (error: { code: number; stderr: string }) => error,
    )
  }
  const stopped = await evaluate(await newCache('here'), '--policy-max-calls', '1')
  expect(stopped).toMatchObject({ code: 1 })
  const manifest = JSON.parse(await readFile(join(folder, 'runs/own/manifest.json'), 'utf8')) as object
  expect(manifest).toMatchObject({
    environment: { origin: { repository: 'owner/set', revision: 'main', commit: first } },
  })

  hub.earlier.set(first, new Map(hub.files))
  hub.commit = 'f'.repeat(40)
  hub.files.set('rows.jsonl', { bytes: rowsOf(['Three?', 'Four?']), isLarge: false })
  const resumed = await evaluate(await newCache('elsewhere'), '--resume')
  expect(resumed).toMatchObject({ code: 0 })
  const asked = (await readFile(join(folder, 'runs/own/samples.jsonl'), 'utf8')).match(/"question":"[^"]*"/g)
  expect(new Set(asked)).toEqual(new Set(['"question":"One?"', '"question":"Two?"']))
}, 60_000)
