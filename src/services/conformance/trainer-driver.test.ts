import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import { ConformanceError, UsageError } from '../../core/errors.js'
import type { ConformanceResult } from './conformance-rule.js'
import { hacks } from './hacks.js'
import { runTrainerDriver } from './trainer-driver.js'

/** Drivers of a few lines of Python in place of the one that imports a trainer. */
const folder = await mkdtemp(join(tmpdir(), 'codevision-driver-'))
afterAll(() => rm(folder, { recursive: true, force: true }))
let scripts = 0

const HACKS = hacks({ knowsAnswers: true })
const REQUEST = {
  trainer: 'verl',
  url: 'http://127.0.0.1:1',
  recipe: null,
  wrong: 'x',
  answers: ['word 0'],
  hacks: HACKS,
} as const
const BANNER = 'print(\'{"python": "3"}\', flush=True)\n'
const HOLDS = 'print(\'{"name": "a", "failure": null}\', flush=True)\n'

async function resultsOf({
  script,
  token,
  signal,
}: {
  script: string
  token?: string
  signal?: AbortSignal
}): Promise<{ results: ConformanceResult[]; error: unknown }> {
  const driver = join(folder, `${scripts++}.py`)
  await writeFile(driver, BANNER + script)
  return collected(runTrainerDriver({ python: 'python3', request: REQUEST, driver, token, signal }))
}

async function collected(
  all: AsyncIterable<ConformanceResult>,
): Promise<{ results: ConformanceResult[]; error: unknown }> {
  const results: ConformanceResult[] = []
  try {
    for await (const result of all) results.push(result)
  } catch (error) {
    return { results, error }
  }
  return { results, error: null }
}

test('rules are told as the driver prints them, those that do not hold with what came', async () => {
  const script = `${HOLDS}print('{"name": "b", "failure": "expected 1, got 2"}')\n`
  expect(await resultsOf({ script })).toEqual({
    results: [
      { name: 'a', failure: null },
      { name: 'b', failure: 'expected 1, got 2' },
    ],
    error: null,
  })
})

test('the driver is told service and tricks on its input, and the token by its environment alone', async () => {
  const script = `import json, os, sys
request = sys.stdin.read()
told = json.loads(request)
said = [told["url"], len(told["hacks"]), told["hacks"][0]["calls"][0], "secret" in request + " ".join(sys.argv), os.environ["CODEVISION_TOKEN"]]
print(json.dumps({"name": json.dumps(said), "failure": None}))
`
  const { results, error } = await resultsOf({ script, token: 'secret' })
  expect(error).toBeNull()
  const [first] = HACKS
  expect(results.map(({ name }) => JSON.parse(name) as unknown)).toEqual([
    ['http://127.0.0.1:1', HACKS.length, first?.calls[0], false, 'secret'],
  ])
})

test('a driver that dies is an error with the end of what it said, also after rules that hold', async () => {
  const { results, error } = await resultsOf({ script: `${HOLDS}raise ValueError("the reason")` })
  expect(results).toHaveLength(1)
  expect(error).toBeInstanceOf(ConformanceError)
  expect(String(error)).toMatch(/got exit code 1 after 1;[^]*ValueError: the reason$/)
})

test('a driver that is killed is an error that names the signal', async () => {
  const { error } = await resultsOf({
    script: `${HOLDS}import os, signal\nos.kill(os.getpid(), signal.SIGKILL)`,
  })
  expect(error).toBeInstanceOf(ConformanceError)
  expect(String(error)).toContain('got SIGKILL after 1')
})

test('a driver that tells no rule, or something else, is an error', async () => {
  const nothing = await resultsOf({ script: 'import sys\nprint("why", file=sys.stderr)' })
  expect(nothing.error).toBeInstanceOf(ConformanceError)
  expect(String(nothing.error)).toMatch(/expected a line for each rule of verl, got none;[^]*why/)
  for (const line of ['ok', '{"name": "a"}', '{"name": "a", "failure": ""}', '[]']) {
    const other = await resultsOf({ script: `print('${line}')` })
    expect(other.error).toBeInstanceOf(ConformanceError)
    expect(String(other.error)).toContain(`got ${line}`)
  }
})

test('a Python that there is not, and one without the trainer, are the user’s to mend', async () => {
  const missing = await collected(runTrainerDriver({ python: join(folder, 'python9'), request: REQUEST }))
  expect(missing.error).toBeInstanceOf(UsageError)
  expect(String(missing.error)).toMatch(/python9: expected a Python with verl, got none.*verl==0\.9\.1/)
  // Without what is installed, whatever that is.
  const bare = join(folder, 'bare')
  await writeFile(bare, '#!/bin/sh\nexec python3 -S "$@"\n')
  await chmod(bare, 0o755)
  for (const [trainer, version] of [
    ['verl', 'verl==0.9.1'],
    ['trl', 'trl==1.16.0'],
  ] as const) {
    const { results, error } = await collected(
      runTrainerDriver({ python: bare, request: { ...REQUEST, trainer } }),
    )
    expect(results).toEqual([])
    expect(error).toBeInstanceOf(UsageError)
    expect(String(error)).toMatch(
      new RegExp(
        `imports ${trainer}, got Python 3\\.\\d+\\.\\d+\\S* with no ${trainer} and no Pillow\\. Install`,
      ),
    )
    expect(String(error)).toContain(version)
  }
})

test('a program that is no Python is the user’s to mend, whatever it says', async () => {
  for (const python of ['/bin/cat', '/bin/echo', '/bin/false']) {
    const { results, error } = await collected(runTrainerDriver({ python, request: REQUEST }))
    expect(results).toEqual([])
    expect(error).toBeInstanceOf(UsageError)
    expect(String(error)).toContain(`--python ${python}: expected a Python with verl, got a program`)
  }
})

test('a token that only the environment holds is not sent', async () => {
  process.env['CODEVISION_TOKEN'] = 'of-somebody-else'
  try {
    const script =
      'import json, os\nprint(json.dumps({"name": str(os.environ.get("CODEVISION_TOKEN")), "failure": None}))\n'
    expect((await resultsOf({ script })).results).toEqual([{ name: 'None', failure: null }])
  } finally {
    delete process.env['CODEVISION_TOKEN']
  }
})

test('an abort ends the driver', async () => {
  const abort = new AbortController()
  const driver = join(folder, 'hangs.py')
  await writeFile(driver, `${BANNER}${HOLDS}import time\ntime.sleep(600)`)
  const running = runTrainerDriver({ python: 'python3', request: REQUEST, driver, signal: abort.signal })
  expect(await running.next()).toMatchObject({ value: { name: 'a' } })
  const next = running.next()
  abort.abort()
  await expect(next).rejects.toMatchObject({ name: 'AbortError' })
})
