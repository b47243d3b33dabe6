import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { parseMiniWorldConfig } from '../data/mini-world/mini-world-config.js'
import { writeMiniWorld } from '../data/mini-world/write-mini-world.js'
import { completionBody } from '../llm/testing/completion-body.js'
import { startScriptedServer, type ScriptedServer } from '../llm/testing/scripted-server.js'
import { runCommand, type Finished } from './testing/run-command.js'

/** The command as a user runs it: the built program and the real sandbox. */
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'codevision-curate-cli-'))
  const config = parseMiniWorldConfig({ rows: 24, seed: 'c', size: 512, view: 20_736, 'read-height': 9 })
  await writeMiniWorld({ config, folder: join(folder, 'mini') })
})
afterAll(() => rm(folder, { recursive: true, force: true }))

function codevision(
  args: string[],
  given: { interruptWhen?: (stderr: string) => boolean; environment?: Record<string, string> } = {},
): Promise<Finished> {
  return runCommand({ args, cwd: folder, ...given })
}

const curate = (...args: string[]): Promise<Finished> =>
  codevision(['data', 'curate', 'mini/rows.parquet', ...args])
const samplesOf = (run: string): Promise<string> => readFile(join(folder, run, 'samples.jsonl'), 'utf8')

test('a set is made, told, shown and replayed', async () => {
  const made = await curate('--count', '10', '--out', 'runs/set')
  expect(made.stderr).toMatch(
    /^10 trajectories planned from 24 of 24 rows; a view has at most 20736 pixels\.$/m,
  )
  expect(made.stdout).toMatch(/10 of 10 kept \(100\.0 % of those decided\)/)
  expect(made.stdout).toMatch(/^all +10\/10 /m)
  expect(made.stdout).toMatch(/^Page: .*runs\/set\/curation\.html$/m)
  expect(made.code).toBe(0)

  const report = await codevision(['report', 'runs/set'])
  expect(report).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/report\.html \(10 samples.*curation\.html/s),
  })
  const replayed = await codevision(['data', 'check', 'runs/set', '--replay', '--json', 'replay.json'])
  expect(replayed).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/calls of 10 trajectories replayed.*: none differs/),
  })
  expect(JSON.parse(await readFile(join(folder, 'replay.json'), 'utf8'))).toMatchObject({
    runs: [{ differences: [] }],
  })

  const journal = await samplesOf('runs/set')
  await writeFile(
    join(folder, 'runs/set/samples.jsonl'),
    journal.replace(/(\\"|")code":"[^"]*"/, '$1code":"result = image.resize((31, 29))"'),
  )
  const changed = await codevision(['data', 'check', 'runs/set', '--replay'])
  expect(changed).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/call 1: expected an image of .*1 differ$/ms),
  })
})

test('Ctrl-C finishes what is running and tells how to go on', async () => {
  const args = [
    'data',
    'curate',
    'mini/rows.parquet',
    '--count',
    '60',
    '--concurrency',
    '1',
    '--out',
    'runs/stopped',
  ]
  const stopped = await codevision(args, { interruptWhen: (stderr) => stderr.includes('curating 0/60') })
  expect(stopped.code).toBe(130)
  const again = /^To go on: .*main\.js (.* --resume)$/m.exec(stopped.stdout)?.[1]
  expect(again).toBe([...args, '--resume'].join(' '))
  const resumed = await codevision([...args.map((word) => (word === '1' ? '4' : word)), '--resume'])
  expect(resumed).toMatchObject({ code: 0, stdout: expect.stringMatching(/of 60 kept/) })
})

test('what is asked wrongly ends with exit code 2 and a sentence, and makes no folder', async () => {
  const cases: [string[], RegExp][] = [
    [['--mix', 'multi-corp=1'], /--mix: .*did you mean multi-crop\?/],
    [['--count', '0'], /--count: expected a whole number from 1, got 0/],
    [['--model', 'm'], /--model m: the scripted teacher has no model; add --teacher openai/],
    [['--teacher', 'openai'], /--teacher openai: expected the name of its model with --model/],
    [['--provocations', 'time-out'], /--provocations: .*did you mean timeout\?/],
    [['--mix', 'multi-crop=1', '--max-pixels', '4000000'], /None of|expected rows/],
  ]
  for (const [args, message] of cases) {
    const { code, stderr } = await curate(...args, '--out', 'runs/wrong')
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(message) })
  }
  expect(await readdir(join(folder, 'runs'))).not.toContain('wrong')
  await writeFile(join(folder, 'file'), '')
  const unwritable = await curate('--count', '2', '--out', 'file/set')
  expect(unwritable).toMatchObject({
    code: 1,
    // Before the rows are read.
    stderr: expect.stringMatching(/^StoreError: .*file\/set could not be made: .*ENOTDIR.*\(--out\)/),
  })
  const there = await curate('--count', '2', '--out', 'runs/set')
  expect(there).toMatchObject({ code: 2, stderr: expect.stringMatching(/runs\/set holds a run already/) })
  const other = await codevision(['data', 'check', 'mini', '--replay'])
  expect(other).toMatchObject({ code: 2, stderr: expect.stringMatching(/expected the folder of a run/) })
})

describe('a model as teacher', () => {
  let server: ScriptedServer
  // No two trajectories of a set may reason in the same words.
  const WORDS = [
    'plainly',
    'clearly',
    'openly',
    'surely',
    'neatly',
    'simply',
    'really',
    'truly',
    'quite',
    'well',
  ]
  afterEach(() => server.close())
  const asked = (...args: string[]): Promise<Finished> =>
    codevision(
      [
        'data',
        'curate',
        'mini/rows.parquet',
        '--mix',
        'no-tool=1',
        '--teacher',
        'openai',
        '--no-cache',
        '--model',
        'wise',
        ...args,
      ],
      { environment: { OPENAI_BASE_URL: server.baseUrl } },
    )

  test('is told the plan, and why an attempt was given up; none of that is recorded', async () => {
    server = await startScriptedServer({
      handler: ({ json }, index) => {
        const { messages } = json as { messages: { content: string }[] }
        const note = JSON.stringify(messages[0]?.content)
        const right = /Answer: ([^\\]+)/.exec(note)?.[1]
        const isSecond = note.includes('An earlier attempt')
        const answer = isSecond ? right : 'no idea'
        return {
          body: completionBody({
            text: `<think>It ${WORDS[index]} says ${right}, large and upright.</think>\n<answer>${answer}</answer>`,
          }),
        }
      },
    })
    const { code, stdout, stderr } = await asked(
      '--count',
      '4',
      '--out',
      'runs/asked',
      '--policy-price',
      '1,2',
    )
    expect(stderr).toMatch(/Expected the answer|4 trajectories planned/)
    expect(code).toBe(0)
    expect(stdout).toMatch(/Teacher openai \(wise\).*: 4 of 4 kept .*, 4 of them corrected/)
    expect(stdout).toMatch(/Attempts given up, then kept: wrong-answer 4/)
    expect(stdout).toMatch(/Policy wise: 8 calls, 0 from the cache .*USD/)
    const journal = await samplesOf('runs/asked')
    expect(journal).not.toMatch(/PRIVATE NOTE|earlier attempt/)
    const usage = await readFile(join(folder, 'runs/asked/policy-usage.jsonl'), 'utf8')
    expect(usage).toContain('"calls":')
  })

  test('whose cap is reached stops, and the command goes on with a higher one', async () => {
    server = await startScriptedServer({
      handler: ({ text }, index) => {
        const right = /Answer: ([^\\]+)\\n/.exec(text)?.[1]
        return {
          body: completionBody({
            text: `<think>It ${WORDS[index]} says ${right}.</think><answer>${right}</answer>`,
          }),
        }
      },
    })
    const args = ['--count', '4', '--out', 'runs/capped', '--concurrency', '1']
    const capped = await asked(...args, '--policy-max-calls', '2')
    expect(capped).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/Stopped: .*To go on, with a higher cap/s),
    })
    const whole = await asked(...args, '--policy-max-calls', '9', '--resume')
    expect(whole.code).toBe(0)
    expect(server.requests.length).toBeLessThanOrEqual(8)
  })
})
