import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { generateDemoSuite } from '../data/demo/generate-demo-suite.js'
import { writeParquet } from '../data/write-parquet.js'
import { completionBody } from '../llm/testing/completion-body.js'
import {
  startScriptedServer,
  type ScriptedServer,
  type ScriptedStep,
} from '../llm/testing/scripted-server.js'

/** The command as a user runs it: the built program, a server that answers from a script, the real sandbox. */
const program = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))
const TURN = 'result = image.rotate(180)'
const ROWS = 8

let folder: string
let server: ScriptedServer
let data: string
/** While it stands, no final answer is given: so a run can be stopped in the middle of a row. */
let gate: { opened: Promise<void>; open: () => void } | null = null

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'codevision-cli-'))
  data = join(folder, 'rows.parquet')
  await writeParquet({ path: data, rows: generateDemoSuite({ rows: ROWS, seed: 'cli' }) })
  server = await startScriptedServer({
    handler: (request) => answer(request.json as Conversation),
  })
})

afterAll(async () => {
  await server.close()
  await rm(folder, { recursive: true, force: true })
})

interface Conversation {
  messages: { role: string; content: unknown }[]
}

/** First a call with a mistake in it, then a right one, then an answer. */
async function answer({ messages }: Conversation): Promise<ScriptedStep> {
  const turns = messages.filter(({ role }) => role === 'assistant').length
  const call = (code: string): string =>
    `<think>I look.</think><tool_call>${JSON.stringify({ name: 'code_image_tool', arguments: { code, description: 'turn', image_index: 0 } })}</tool_call>`
  const texts = [call('result = imge.rotate(180)'), call(TURN), '<think>I see.</think><answer>42</answer>']
  if (turns === 2) await gate?.opened
  return { status: 200, body: completionBody({ text: texts[turns] ?? null }) }
}

interface Finished {
  code: number | null
  stdout: string
  stderr: string
}

function start(
  args: string[],
  variables: Readonly<Record<string, string>> = {},
): { child: ChildProcess; finished: Promise<Finished> } {
  const environment = {
    ...process.env,
    OPENAI_BASE_URL: server.baseUrl,
    OPENAI_API_KEY: 'key-that-must-not-leak',
    JUDGE_MODEL: '',
    ...variables,
  }
  const child = spawn(process.execPath, [program, ...args], {
    cwd: folder,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const finished = new Promise<Finished>((resolve) => {
    const out = { stdout: '', stderr: '' }
    child.stdout.on('data', (chunk) => (out.stdout += String(chunk)))
    child.stderr.on('data', (chunk) => (out.stderr += String(chunk)))
    child.on('close', (code) => resolve({ code, ...out }))
  })
  return { child, finished }
}

const codevision = (...args: string[]): Promise<Finished> => start(args).finished

const evaluation = (name: string, ...more: string[]): string[] => [
  'eval',
  data,
  '--model',
  'scripted',
  '--judge',
  'none',
  // Every test asks the same questions, and its server is to be asked.
  '--no-cache',
  '--name',
  name,
  ...more,
]

describe('what is asked wrongly ends with exit code 2 and a sentence', () => {
  test.each([
    ['no command', [], /Name a command/],
    ['an unknown command', ['evla'], /Unknown command: evla|Did you mean eval/],
    ['help of an unknown command', ['nonsense', '--help'], /Unknown command: nonsense/],
    ['an unknown option', ['eval', 'x.parquet', '--polcy', 'a'], /Unknown argument: polcy/],
    [
      'a value that is none',
      ['eval', 'x.parquet', '--policy', 'tesserac'],
      /--policy: .*; did you mean tesseract\?\n$/,
    ],
    ['a missing file', ['eval', 'none.parquet', '--judge', 'none'], /none\.parquet: expected a parquet file/],
    ['no word on the judge', ['eval', 'rows.parquet'], /--judge none/],
    [
      'a part that is none',
      ['eval', 'rows.parquet', '--judge', 'none', '--shard', '3/2'],
      /shard: expected i\/n/,
    ],
    ['an image that is none', ['run', 'rows.parquet', 'What?'], /image 0 cannot be used/],
    ['a resume without a name', ['eval', 'rows.parquet', '--judge', 'none', '--resume'], /--name NAME/],
    [
      'a run that is not there',
      ['score', 'nothing', '--profile', 'strict', '--judge', 'none'],
      /folder of a run/,
    ],
    ['a score of nothing', ['score', 'runs/x'], /--profile codevision, strict, official.*--reward release/],
    ['a reward of a run that is not there', ['score', 'nothing', '--reward', 'paper'], /folder of a run/],
    [
      'a term that the variant does not have',
      ['score', 'nothing', '--reward', 'beneficial', '--without', 'exact'],
      /without\[0\]/,
    ],
    [
      'answers and rewards at once',
      ['score', 'x', '--reward', 'paper', '--profile', 'strict'],
      /profile and reward are mutually exclusive/,
    ],
    [
      'rewards by a judge',
      ['score', 'x', '--reward', 'paper', '--judge', 'none'],
      /judge and reward are mutually exclusive/,
    ],
    [
      "rewards without the judge's cache",
      ['score', 'x', '--reward-config', 'x.yaml', '--no-cache'],
      /cache and reward-config are mutually exclusive/,
    ],
    [
      'answers, and where analyses disagree',
      ['score', 'x', '--profile', 'strict', '--judge', 'none', '--disagreements'],
      /profile and disagreements are mutually exclusive/,
    ],
    [
      'a reward that is none',
      ['score', 'x', '--reward', 'relase'],
      /--reward: .*; did you mean release\?\n$/,
    ],
    ['a comparison of one run', ['compare', 'nothing'], /at least two run folders/],
    ['a comparison of nothing', ['compare', 'nothing', 'none'], /folder of a run/],
    [
      'a baseline that is not there',
      ['eval', 'rows.parquet', '--judge', 'none', '--baseline', 'none.json'],
      /none\.json: expected summary\.json of a run, or a YAML file/,
    ],
    [
      'a tolerance of nothing',
      ['eval', 'rows.parquet', '--judge', 'none', '--tolerance', '1'],
      /tolerance -> baseline|Missing dependent arguments/,
    ],
    [
      'an export in no known form',
      ['export', 'x', '--format', 'lmm-eval', '--output', 'y'],
      /did you mean lmms-eval/,
    ],
    [
      'a term that is none',
      ['score', 'x', '--reward', 'paper', '--without', 'format', 'penlty'],
      /--without: .*; did you mean penalty\?\n$/,
    ],
  ])('%s', async (_name, args, message) => {
    const { code, stderr } = await codevision(...args)
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(message) })
    expect(stderr).not.toMatch(/\n\s+at /)
  })
})

test('every command shows an example of itself', async () => {
  for (const command of [
    ...['doctor', 'setup', 'demo', 'run', 'eval', 'score', 'compare', 'report', 'export'],
  ]) {
    const { code, stdout } = await codevision(command, '--help')
    expect({ command, code }).toEqual({ command, code: 0 })
    expect(stdout).toMatch(new RegExp(`Examples:\\s+codevision ${command}`))
  }
})

test('run shows each turn as it happens and saves the images', async () => {
  const picture = join(folder, 'picture.png')
  for await (const { images } of generateDemoSuite({ rows: 1, seed: 'x' }))
    await writeFile(picture, images[0]?.bytes ?? '')
  const { code, stdout } = await codevision('run', picture, 'How many?', '--model', 'scripted')
  expect(code).toBe(0)
  expect(stdout).toMatch(
    /turn 1 .*✗ runtime in line 1 .*NameError: name 'imge' is not defined.*turn 2 .*✓ image 1: .*turn 3 .*Answer: 42/s,
  )
  const saved = /Images and trajectory: (.*)/.exec(stdout)?.[1] ?? ''
  expect((await readdir(saved)).sort()).toEqual(['0-given.png', '1-call-2.png', 'trajectory.json'])
})

test('run says at once that its folder cannot be written, and asks nothing', async () => {
  const asked = server.requests.length
  const args = ['run', data, 'How many?', '--model', 'scripted', '--output', '/proc/runs']
  const { code, stdout, stderr } = await codevision(...args)
  expect({ code, stdout, asked: server.requests.length }).toEqual({ code: 1, stdout: '', asked })
  expect(stderr).toMatch(/^StoreError: \/proc\/runs\/.* could not be made: .*--output\), .*\n$/)
})

test('eval scores every row, counts the recoveries and keeps no key', async () => {
  const { code, stdout } = await codevision(...evaluation('whole'))
  expect(code).toBe(0)
  expect(stdout).toMatch(/all\s+8 .* 8\/16 \(50\.0 %\)/)
  const files = await Promise.all(
    ['manifest.json', 'samples.jsonl', 'summary.json'].map((name) =>
      readFile(join(folder, 'runs/whole', name), 'utf8'),
    ),
  )
  expect(files.join('')).not.toContain('key-that-must-not-leak')
  expect(files[1]?.trim().split('\n')).toHaveLength(ROWS)
  const { environment, identity } = JSON.parse(files[0] ?? '') as Record<string, unknown>
  expect({ environment, identity }).toMatchObject({
    environment: {
      sandbox: {
        python: expect.stringMatching(/^3\.11\./),
        containment: { worker: 'Landlock, seccomp, resource limits, single use' },
      },
    },
    identity: { sandbox: { pillow: '11.3.0', numpy: '2.2.6', opencv: '4.12.0', profile: 'standard' } },
  })
})

test('eval scores a suite as its definition says, unless the command line says otherwise', async () => {
  const suite = [
    'eval',
    'real-photos',
    '--data',
    data,
    '--limit',
    '1',
    '--model',
    'scripted',
    '--judge',
    'none',
    '--no-cache',
  ]
  const own = await codevision(...suite, '--name', 'own')
  expect({ code: own.code, stdout: own.stdout }).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('real-photos · openai (scripted) · scoring strict · judge none'),
  })
  const manifest = JSON.parse(await readFile(join(folder, 'runs/own/manifest.json'), 'utf8')) as object
  expect(manifest).toMatchObject({ config: { scoring: 'strict' }, identity: { head: { scoring: 'strict' } } })
  const said = await codevision(...suite, '--profile', 'codevision', '--name', 'said')
  expect(said.stdout).toContain('scoring codevision')
})

describe('a run that is stopped', () => {
  /** Stop a run in the middle of its fourth row, go on with it, and compare it with one that was left alone. */
  async function stopAndResume(
    name: string,
    stop: (running: { child: ChildProcess; open: () => void }) => void,
  ): Promise<{ stopped: Finished; summary: string; whole: string }> {
    const { child, finished } = start(evaluation(name, '--concurrency', '1'))
    // One request tries the server, then there are three a row.
    const inTheFourthRow = server.requests.length + 1 + 3 * 3
    await server.arrived(inTheFourthRow + 1)
    let open = (): void => undefined
    const opened = new Promise<void>((resolve) => (open = resolve))
    gate = { opened, open }
    await server.arrived(inTheFourthRow + 3)
    stop({ child, open })
    const stopped = await finished
    open()
    gate = null
    const resumed = await codevision(...evaluation(name, '--resume'))
    expect({ code: resumed.code, stderr: resumed.stderr }).toMatchObject({ code: 0 })
    const summaryOf = (run: string): Promise<string> =>
      readFile(join(folder, 'runs', run, 'summary.json'), 'utf8')
    return { stopped, summary: await summaryOf(name), whole: await summaryOf('whole') }
  }

  test('by kill -9 loses nothing that was finished, and ends with the same summary', async () => {
    const { summary, whole } = await stopAndResume('killed', ({ child }) => child.kill('SIGKILL'))
    expect(summary).toBe(whole)
    const lines = (await readFile(join(folder, 'runs/killed/samples.jsonl'), 'utf8')).trim().split('\n')
    const keys = lines.map((line) => (JSON.parse(line) as { key: string }).key)
    expect([keys.length, new Set(keys).size]).toEqual([ROWS, ROWS])
  })

  test('by Ctrl-C finishes what is running, says how to go on and exits with 130', async () => {
    const { stopped, summary, whole } = await stopAndResume('interrupted', ({ child, open }) => {
      // What it says comes before it waits for what is running.
      child.stderr?.on('data', (chunk) => String(chunk).includes('To go on later') && open())
      child.kill('SIGINT')
    })
    expect(stopped.code).toBe(130)
    expect(stopped.stderr).toContain(`To go on later: OPENAI_BASE_URL=${server.baseUrl} node ${program} eval`)
    expect(stopped.stderr).not.toContain('key-that-must-not-leak')
    expect(stopped.stderr).toContain('--name interrupted --concurrency 1 --resume')
    expect(summary).toBe(whole)
  })

  test('by Ctrl-C twice while the server is tried leaves no run, and names no command that would look for one', async () => {
    const silent = await startScriptedServer({ handler: () => ({ endless: 'silence' }) })
    const { child, finished } = start(evaluation('early'), { OPENAI_BASE_URL: silent.baseUrl })
    await silent.arrived(1)
    child.stderr?.on('data', (chunk) => String(chunk).includes('Ctrl-C again') && child.kill('SIGINT'))
    child.kill('SIGINT')
    const { code, stderr } = await finished
    await silent.close()
    expect({ code, stderr }).toEqual({ code: 130, stderr: expect.stringContaining('No run was begun') })
    expect(stderr).not.toContain('--resume')
    await expect(readdir(join(folder, 'runs/early'))).rejects.toThrow('ENOENT')
    const resumed = await codevision(...evaluation('early', '--resume'))
    expect(resumed).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Begin it without --resume.'),
    })
  })
})

test('score reads the recorded answers anew', async () => {
  const { code, stdout } = await codevision('score', 'runs/whole', '--profile', 'strict', '--judge', 'none')
  expect(code).toBe(0)
  expect(stdout).toContain('scoring strict')
  expect(await readdir(join(folder, 'runs/whole'))).toContain('summary.strict.json')
})

test('score rewards the recorded rollouts, by option or as a file says, and leaves the samples as they are', async () => {
  const samples = join(folder, 'runs/whole/samples.jsonl')
  const before = await readFile(samples, 'utf8')
  const { code, stdout } = await codevision('score', 'runs/whole', '--reward', 'release')
  expect(code).toBe(0)
  expect(stdout).toContain('scoring codevision · judge none · reward release · analysis static')
  expect(stdout).toMatch(/mean of +all .*R_mandatory .*8 groups, 8 degenerate/s)
  // Each row has one call that fails, whose text says nothing, and one that turns the picture.
  expect(stdout).toContain('16 calls compared')
  const file = join(folder, 'reward.yaml')
  await writeFile(file, 'reward:\n  variant: paper\n  weights: { beta2: 1 }\n')
  const other = await codevision('score', 'runs/whole', '--reward-config', file, '--without', 'format')
  expect(other.stdout).toMatch(/reward paper · analysis observed · without format/)
  const written = await readdir(join(folder, 'runs/whole/rewards'))
  expect(written).toEqual(
    expect.arrayContaining(['release-static.jsonl', 'release-static.json', 'release-static.svg']),
  )
  expect(written).toContainEqual(expect.stringMatching(/^paper-observed-without-format-[0-9a-f]{8}\.jsonl$/))
  expect(await readFile(samples, 'utf8')).toBe(before)
})

test('eval holds the figures against a baseline, and ends with 100 where one is missed', async () => {
  const file = join(folder, 'thresholds.yaml')
  await writeFile(file, 'accuracy: { overall: 100, none: 0 }\n')
  const missed = await codevision(...evaluation('held', '--limit', '2', '--baseline', file))
  expect({ code: missed.code, stdout: missed.stdout }).toMatchObject({
    code: 100,
    stdout: expect.stringMatching(
      /thresholds\.yaml: \d of 2 figures are missed\.\n.*overall +100\.0 %.*MISSED/s,
    ),
  })
  const met = await codevision(...evaluation('again', '--limit', '2', '--baseline', 'runs/held'))
  expect({ code: met.code, stdout: met.stdout }).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('figures are met'),
  })
  const other = ['--limit', '2', '--profile', 'strict', '--baseline', 'runs/held']
  const refused = await codevision(...evaluation('other', ...other))
  expect({ code: refused.code, stderr: refused.stderr }).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('scoring codevision there, strict here'),
  })
})

test('compare, report and export read runs and write what they are told to', async () => {
  const run = 'runs/whole'
  const compared = await codevision('compare', run, run, '--json', 'compared.json')
  expect(compared).toMatchObject({ code: 0, stdout: expect.stringMatching(/all +8 .* 0\.0 .* 1\.0000/) })
  const written = JSON.parse(await readFile(join(folder, 'compared.json'), 'utf8')) as object
  expect(written).toMatchObject({
    schemaVersion: 1,
    comparisons: [{ overall: { n: 8, gained: 0, lost: 0 } }],
  })
  const beside = await codevision('report', '--paper', run, '--markdown')
  expect(beside).toMatchObject({ code: 0, stdout: expect.stringContaining('the paper has no row for it') })
  const exported = await codevision('export', run, '--format', 'lmms-eval', '--output', 'samples.jsonl')
  expect(exported).toMatchObject({ code: 0, stdout: expect.stringContaining('(8 samples)') })
  const traces = await codevision('export', run, '--format', 'verifiers', '--output', 'traces')
  expect(traces).toMatchObject({ code: 0, stdout: expect.stringContaining('(8 episodes)') })
  expect((await readFile(join(folder, 'samples.jsonl'), 'utf8')).trim().split('\n')).toHaveLength(8)
})

test('eval stores the rewards that its configuration asks for', async () => {
  const file = join(folder, 'eval.yaml')
  await writeFile(
    file,
    'data: rows.parquet\npolicy: { kind: openai, model: scripted }\njudge: none\nlimit: 2\nepochs: 2\nreward: { variant: paper }\n',
  )
  const { code, stdout } = await codevision('eval', file, '--name', 'rewarded')
  expect(code).toBe(0)
  expect(stdout).toMatch(/reward paper .*rollouts +4.*2 groups/s)
  const lines = await readFile(join(folder, 'runs/rewarded/rewards/paper-observed.jsonl'), 'utf8')
  expect(lines.trim().split('\n')).toHaveLength(4)
})

describe('a judge', () => {
  let judge: ScriptedServer
  afterEach(() => judge.close())
  const judged = (...args: string[]): Promise<Finished> =>
    start([...args, '--judge', 'wise'], {
      JUDGE_BASE_URL: judge.baseUrl,
      JUDGE_API_KEY: 'judge-key-that-must-not-leak',
      ...(args[0] === 'score' && { CODEVISION_CACHE: join(folder, 'cache') }),
    }).finished
  const score = (...more: string[]): Promise<Finished> =>
    judged('score', 'runs/whole', '--profile', 'strict', ...more)

  test.each([
    ['refuses the key', { status: 401, body: 'Key refused.' }, /JudgeError: .*401.*JUDGE_API_KEY/],
    ['chats', { body: completionBody({ text: 'Well, perhaps.' }) }, /JudgeError: .*wise is not fit/],
  ])('that %s ends eval and score before they begin', async (_name, step, message) => {
    judge = await startScriptedServer({ handler: () => step })
    const name = `judge-${judge.baseUrl.split(':')[2]?.split('/')[0]}`
    const evaluated = judged('eval', data, '--model', 'scripted', '--name', name)
    for (const { code, stderr } of [await evaluated, await score()]) {
      expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(message) })
      expect(stderr).not.toContain('judge-key-that-must-not-leak')
    }
    expect(await readdir(join(folder, 'runs'))).not.toContain(name)
  })

  test('whose cap is reached ends eval with exit code 1, the reason and the command that goes on; rewards come when the run is over', async () => {
    judge = await startScriptedServer({ handler: () => ({ body: completionBody({ text: '1' }) }) })
    const file = join(folder, 'capped.yaml')
    await writeFile(file, 'data: rows.parquet\nreward: { variant: paper }\n')
    const terms = ['--model', 'scripted', '--profile', 'strict', '--concurrency', '1', '--no-cache']
    const capped = (...more: string[]): Promise<Finished> =>
      judged('eval', file, ...terms, '--name', 'capped', '--judge-max-calls', ...more)
    const { code, stdout, stderr } = await capped('3')
    expect(code).toBe(1)
    expect(stdout).not.toContain('reward paper')
    expect(stderr).toMatch(/First judge-error: .*judge\.maxCalls/)
    expect(stdout).toMatch(
      /Judge wise .*: 3 calls.*--resume:\n  1 × judge-error: .*judge\.maxCalls.*\nStopped: .*\nTo go on, with a higher cap: OPENAI_BASE_URL=.* JUDGE_BASE_URL=.* node .*main\.js eval .* --resume\n/s,
    )
    const whole = await capped(String(ROWS), '--resume')
    expect(whole.code).toBe(0)
    expect(whole.stdout).toMatch(
      /judge wise \(exact\) · reward paper .*rollouts +8 .*rewards\/paper-observed\.jsonl/s,
    )
  })

  test('whose cap is reached ends score with exit code 1, and the same command goes on from the cache', async () => {
    // All recorded answers are the same, their questions are not.
    judge = await startScriptedServer({ handler: () => ({ body: completionBody({ text: '1' }) }) })
    const capped = await score('--judge-price', '1,2,EUR', '--judge-max-calls', '3')
    expect(capped.code).toBe(1)
    expect(capped.stdout).toMatch(/Judge wise \(reading exact\): 3 calls, 0 from the cache .* EUR\n/)
    expect(capped.stdout).toMatch(/Stopped: .*judge\.maxCalls.*same command goes on/)
    const whole = await score('--judge-max-calls', String(ROWS - 3))
    expect(whole.code).toBe(0)
    expect(whole.stdout).toContain(`${ROWS - 3} calls, 3 from the cache`)
    expect(whole.stdout).toContain('judge wise (exact)')
    const fresh = await score('--no-cache', '--judge-reading', 'codevision')
    expect(fresh.stdout).toContain(`(reading codevision): ${ROWS} calls, 0 from the cache`)
  })
})
