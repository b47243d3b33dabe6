import { afterAll, describe, expect, test } from '@jest/globals'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { UsageError } from '../core/errors.js'
import { loadEvaluationConfig, loadJudgeConfig, type EvaluationOverrides } from './evaluation-config.js'

const folder = await mkdtemp(join(tmpdir(), 'codevision-config-'))
afterAll(() => rm(folder, { recursive: true }))

async function yaml(text: string): Promise<string> {
  const path = join(folder, `${Math.random()}.yaml`)
  await writeFile(path, text)
  return path
}

async function failureOf(text: string, overrides = {}): Promise<string> {
  const path = await yaml(text)
  const error: unknown = await loadEvaluationConfig({ path, overrides, environment: {} }).catch(
    (cause: unknown) => cause,
  )
  expect(error).toBeInstanceOf(UsageError)
  return (error as Error).message.replaceAll(path, 'FILE')
}

describe('loadEvaluationConfig', () => {
  test('fills defaults, and the command line wins over the file key by key', async () => {
    const path = await yaml('data: rows.parquet\njudge: none\nagent: { turns: 5, parsing: hermes }\n')
    const config = await loadEvaluationConfig({ path, overrides: { agent: { turns: 3 }, limit: '2-4' } })
    expect(config).toMatchObject({
      data: join(folder, 'rows.parquet'),
      judge: 'none',
      policy: { kind: 'tesseract' },
      agent: { turns: 3, parsing: 'hermes', maxPixels: 8192 * 784 },
      limit: { first: 2, last: 4 },
    })
  })

  test('the socket of a sandbox is relative to the file, that of the command line is not', async () => {
    const path = await yaml('data: x\njudge: none\nsandbox: { runtime: { socket: sandbox.sock } }\n')
    const { sandbox } = await loadEvaluationConfig({ path })
    expect(sandbox.runtime).toEqual({ socket: join(folder, 'sandbox.sock') })
    const overrides = { sandbox: { runtime: { socket: 'other.sock' } } }
    const given = await loadEvaluationConfig({ path, overrides })
    expect(given.sandbox.runtime).toEqual({ socket: 'other.sock' })
  })

  test('an unknown key is named with its line and the key that was meant', async () => {
    expect(await failureOf('data: x\njudge: none\npolcy:\n  kind: tesseract\n')).toBe(
      'FILE line 3: unknown key `polcy`; did you mean `policy`?',
    )
  })

  test('an unknown key inside a policy is compared with that policy’s keys', async () => {
    const text = 'data: x\njudge: none\npolicy:\n  kind: openai\n  model: m\n  temprature: 0\n'
    expect(await failureOf(text)).toBe(
      'FILE line 6: unknown key `policy.temprature`; did you mean `temperature`?',
    )
  })

  test('an unknown key inside the judge is not hidden by the other way to say it', async () => {
    expect(await failureOf('data: x\njudge:\n  model: m\n  readign: exact\n')).toBe(
      'FILE line 4: unknown key `judge.readign`; did you mean `reading`?',
    )
  })

  test('every wrong value is listed: line, key, expected, got', async () => {
    const text = 'data: x\njudge: nobody\nagent:\n  turns: twelve\nscoring: codevison\n'
    expect((await failureOf(text)).split('\n')).toEqual([
      'FILE line 2: `judge`: expected "none", or expected object, got "nobody"',
      'FILE line 5: `scoring`: expected one of "codevision"|"strict"|"official"|"vlmevalkit"|"lmms_eval", got "codevison"; did you mean `codevision`?',
      'FILE line 4: `agent.turns`: expected number, got "twelve"',
    ])
  })

  test.each([
    [
      'a value of a plain list',
      'agent: { parsing: robst }',
      '`agent.parsing`: .*; did you mean `robust`\\?$',
    ],
    [
      'one way of two to say it',
      'sandbox: { runtime: dokcer }',
      '`sandbox.runtime`: .*; did you mean `docker`\\?$',
    ],
    [
      'what tells kinds apart',
      'policy: { kind: tesserac }',
      '`policy.kind`: .*; did you mean `tesseract`\\?$',
    ],
  ])('a value that is nearly one of the known ones is answered with it: %s', async (_name, line, message) => {
    expect(await failureOf(`data: x\njudge: none\n${line}\n`)).toMatch(new RegExp(message))
  })

  test('bounds of the view that contradict each other are refused with both', async () => {
    expect(await failureOf('data: x\njudge: none\nagent:\n  minPixels: 5000\n  maxPixels: 100\n')).toBe(
      'FILE line 5: `agent.maxPixels`: expected at least `minPixels` (5000), got 100',
    )
    expect(await failureOf('data: x\njudge: none\n', { agent: { minPixels: 10_000_000 } })).toMatch(
      /`agent\.maxPixels`: expected at least `minPixels` \(10000000\), got 6422528$/,
    )
  })

  test('a policy that does not exist is answered with those that do', async () => {
    expect(await failureOf('data: x\njudge: none\npolicy: { kind: gpt }\n')).toMatch(
      /^FILE line 3: `policy.kind`: expected one of .*openai.*tesseract.*replay.*, got "gpt"$/,
    )
  })

  test('a wrong value of the command line is not blamed on the file', async () => {
    expect(await failureOf('data: x\njudge: none\n', { epochs: -1 })).toMatch(/^command line: `epochs`/)
  })

  test('text that is not YAML, and a file that is not there, are told with file and line', async () => {
    expect(await failureOf('data: x\njudge: [none\n')).toMatch(/^FILE line \d+: /)
    await expect(loadEvaluationConfig({ path: join(folder, 'missing.yaml') })).rejects.toThrow(
      /missing\.yaml/,
    )
  })

  describe('of a file that extends another', () => {
    const extending = async (base: string, text: string): Promise<string> => {
      await mkdir(join(folder, 'parts'), { recursive: true })
      await writeFile(join(folder, 'parts', 'base.yaml'), base)
      return yaml(`extends: parts/base.yaml\n${text}`)
    }

    test('takes what that one says, paths as that one means them', async () => {
      const base = 'data: rows.parquet\njudge: none\nagent: { turns: 5, systemPrompt: own.txt }\n'
      const path = await extending(base, 'agent: { turns: 7, toolDescription: tool.yaml }\n')
      const config = await loadEvaluationConfig({ path, overrides: { epochs: 2 }, environment: {} })
      expect(config).toMatchObject({ data: join(folder, 'parts', 'rows.parquet'), judge: 'none', epochs: 2 })
      expect(config.agent).toMatchObject({
        turns: 7,
        systemPrompt: join(folder, 'parts', 'own.txt'),
        toolDescription: join(folder, 'tool.yaml'),
      })
    })

    test('a wrong value is told with the file and the line that say it', async () => {
      const base = 'data: rows.parquet\njudge: none\nagent:\n  turn: 5\n'
      const path = await extending(base, 'epochs: 0\n')
      const error: unknown = await loadEvaluationConfig({ path, environment: {} }).catch((cause) => cause)
      const lines = (error as Error).message.split('\n')
      expect(lines).toContainEqual(
        expect.stringContaining(`${join(folder, 'parts', 'base.yaml')} line 4: unknown key \`agent.turn\``),
      )
      expect(lines).toContainEqual(expect.stringContaining(`${path} line 2: \`epochs\``))
    })
  })

  test('a file that holds a list is refused', async () => {
    expect(await failureOf('- a\n')).toMatch(/^FILE: .*expected object/)
  })

  test('the judge must be said, and JUDGE_MODEL says it', async () => {
    const path = await yaml('data: x\n')
    await expect(loadEvaluationConfig({ path, environment: {} })).rejects.toThrow(/--judge none/)
    const config = await loadEvaluationConfig({ path, environment: { JUDGE_MODEL: 'wise' } })
    expect(config.judge).toEqual({ model: 'wise', reading: 'exact' })
  })

  test('JUDGE_MODEL is meant where only other settings of the judge are given', async () => {
    const path = await yaml('data: x\n')
    const overrides = { judge: { reading: 'codevision' as const } }
    const config = await loadEvaluationConfig({ path, overrides, environment: { JUDGE_MODEL: 'wise' } })
    expect(config.judge).toEqual({ model: 'wise', reading: 'codevision' })
    expect(
      await loadJudgeConfig({ judge: { maxCalls: 3 }, environment: { JUDGE_MODEL: 'wise' } }),
    ).toMatchObject({ model: 'wise', maxCalls: 3 })
  })

  test('a price is that of the model it stands beside, not of another one that the command line names', async () => {
    const path = await yaml('data: x\njudge: { model: small, price: { input: 1, output: 2 } }\n')
    const judgeOf = async (judge: object) =>
      (await loadEvaluationConfig({ path, overrides: { judge }, environment: {} })).judge
    expect(await judgeOf({ model: 'small' })).toMatchObject({
      price: { input: 1, output: 2, currency: 'USD' },
    })
    expect(await judgeOf({ model: 'large' })).not.toHaveProperty('price')
    expect(await judgeOf({ model: 'large', price: { input: 3, output: 4 } })).toMatchObject({
      price: { input: 3, output: 4 },
    })
  })

  test('a cap on cost without a price is refused, and so are caps that are none', async () => {
    expect(await failureOf('data: x\njudge:\n  model: m\n  maxCost: 2\n')).toBe(
      'FILE line 4: `judge.maxCost`: expected `judge.price` (input and output, per million tokens) beside it, got 2',
    )
    expect(await failureOf('data: x\njudge: { model: m, maxCalls: 0 }\n')).toMatch(/judge\.maxCalls.*got 0/)
    expect(await failureOf('data: x\njudge: { model: m, price: { input: -1, output: 0 } }\n')).toMatch(
      /judge\.price\.input.*got -1/,
    )
    await expect(loadJudgeConfig({ judge: { model: 'm', maxCost: 1 }, environment: {} })).rejects.toThrow(
      /judge\.price/,
    )
    await expect(loadJudgeConfig({ environment: {} })).rejects.toThrow(/--judge none/)
  })

  test('another kind of policy on the command line drops the settings of the file’s policy', async () => {
    const path = await yaml('data: x\njudge: none\npolicy: { kind: openai, model: m }\n')
    const config = await loadEvaluationConfig({ path, overrides: { policy: { kind: 'tesseract' } } })
    expect(config.policy).toEqual({ kind: 'tesseract' })
  })

  test('the run that is replayed is relative to the file, that of the command line is not', async () => {
    const path = await yaml('data: x\njudge: none\npolicy: { kind: replay, run: ../runs/r1 }\n')
    const runOf = async (policy: EvaluationOverrides['policy']): Promise<unknown> =>
      (await loadEvaluationConfig({ path, overrides: { policy } })).policy
    const ofFile = { kind: 'replay', run: join(folder, '../runs/r1') }
    expect(await runOf(undefined)).toEqual(ofFile)
    expect(await runOf({ kind: 'replay' })).toEqual(ofFile)
    expect(await runOf({ kind: 'replay', run: 'runs/r2' })).toEqual({ kind: 'replay', run: 'runs/r2' })
  })

  test('a setting of another kind of policy is told as one', async () => {
    const failure = await failureOf('data: x\njudge: none\npolicy: { kind: tesseract }\n', {
      policy: { price: { input: 1, output: 2 } },
    })
    expect(failure).toBe(
      'command line: unknown key `policy.price` here: it belongs to another kind of `policy`; leave it out, or choose that kind',
    )
  })

  test('numbers are asked for in words', async () => {
    const rest = 'data: x\njudge: none\n'
    expect(await failureOf(`${rest}epochs: 1.5\n`)).toMatch(/`epochs`: expected a whole number, got 1\.5$/)
    expect(await failureOf(`${rest}epochs: 0\n`)).toMatch(/`epochs`: expected a number above 0, got 0$/)
  })

  test('nothing to evaluate on is an error that says what to name', async () => {
    expect(await failureOf('judge: none\n')).toMatch(/`data`.*`suite`/)
  })

  test('wrong ranges and shards are refused', async () => {
    expect(await failureOf('data: x\njudge: none\nlimit: abc\n')).toMatch(/got "abc"/)
    expect(await failureOf('data: x\njudge: none\nshard: 3\/2\n')).toMatch(/got "3\/2"/)
  })

  test('every configuration that is shipped can be loaded', async () => {
    const shipped = fileURLToPath(new URL('../../configs/eval/', import.meta.url))
    const names = (await readdir(shipped)).filter((name) => name.endsWith('.yaml'))
    expect(names.length).toBeGreaterThan(0)
    for (const name of names) {
      const path = join(shipped, name)
      await loadEvaluationConfig({ path, overrides: { data: 'rows.parquet' }, environment: {} })
    }
  })
})
