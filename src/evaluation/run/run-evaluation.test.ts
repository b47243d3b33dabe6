import { afterAll, describe, expect, jest, test } from '@jest/globals'
import { rmSync, writeFileSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ImageError, JudgeError, ModelError, StoreError } from '../../core/errors.js'
import type { Sample } from '../../core/sample.js'
import { loadSuite } from '../../data/load-suite.js'
import { openRun } from '../../store/open-run.js'
import type { Progress } from './progress.js'
import { rescore } from '../rescore.js'
import { runEvaluation, type RunEvaluationParameters } from './run-evaluation.js'
import { AGENT, fakePolicy, fakeSandbox, variedTurns, type Turn } from '../testing/fakes.js'
import { forgetQuestions } from '../testing/forget-questions.js'
import { writeRows } from '../testing/rows.js'

const folder = await mkdtemp(join(tmpdir(), 'codevision-evaluation-'))
afterAll(() => rm(folder, { recursive: true }))
const suite = await loadSuite({ suite: await writeRows({ path: join(folder, 'rows.jsonl'), count: 14 }) })

let made = 0
const newPath = (): string => join(folder, `run-${made++}`)

function parameters(changes: Partial<RunEvaluationParameters> = {}): RunEvaluationParameters {
  return {
    suite,
    policy: fakePolicy({ turnsFor: variedTurns }),
    sandbox: fakeSandbox(),
    agent: AGENT,
    scoring: { profile: 'strict', judge: null },
    run: { path: newPath(), mode: 'create' },
    retries: { count: 2, delayMs: 1 },
    ...changes,
  }
}

async function samplesOf(path: string): Promise<Sample[]> {
  const samples: Sample[] = []
  for await (const sample of (await openRun({ path, mode: 'read' })).samples()) samples.push(sample)
  return samples
}

const answer = (number: number): Turn[] => [{ answer: String(number) }]

describe('runEvaluation', () => {
  test('rolls out, scores, keeps every image and says how it went', async () => {
    const seen: Progress[] = []
    const { status, path, summary } = await runEvaluation(
      parameters({ epochs: 2, onProgress: (progress) => seen.push(progress) }),
    )
    expect(status).toBe('complete')
    expect(summary).toMatchObject({
      suite: 'rows',
      judge: 'none',
      planned: 28,
      isComplete: true,
      overall: {
        n: 28,
        correct: 8,
        outcomes: { correct: 8, wrong: 8, unparsed: 4, 'turn-limit': 4, truncated: 4 },
        withErrors: 12,
        recoveries: 4,
      },
    })
    expect(Object.keys(summary.byTransform)).toHaveLength(6)
    expect(JSON.parse(await readFile(join(path, 'summary.json'), 'utf8'))).toEqual(summary)
    expect(seen[0]).toMatchObject({ finished: 0, planned: 28 })
    expect(seen.at(-1)).toMatchObject({ finished: 28, correct: 8, etaSeconds: 0 })

    const samples = await samplesOf(path)
    const named = samples.flatMap(({ trajectory }) =>
      (trajectory?.images ?? []).flatMap(({ sha256, view }) => [sha256, ...(view ? [view.sha256] : [])]),
    )
    const files = await readdir(join(path, 'images'))
    expect(new Set(files)).toEqual(new Set(named.map((sha256) => `${sha256}.png`)))
  })

  test('what it will ask is told before anything is asked, and stands in the summary', async () => {
    const told: string[] = []
    const onHead: RunEvaluationParameters['onHead'] = ({ questions }) => told.push(questions)
    const { summary } = await runEvaluation(parameters({ epochs: 2, onHead }))
    const some = { limit: { first: 1, last: 7 }, sampleIds: null, shard: null }
    const part = await runEvaluation(parameters({ selection: some, onHead }))
    expect(told).toEqual([summary.questions, part.summary.questions])
    expect(part.summary.questions).not.toBe(summary.questions)
  })

  test('the summary holds no time and does not depend on the order in which samples end', async () => {
    const paths = await Promise.all(
      [1, 5].map(async (concurrency) => (await runEvaluation(parameters({ concurrency }))).path),
    )
    const [one, five] = await Promise.all(paths.map((path) => readFile(join(path, 'summary.json'), 'utf8')))
    expect(one).toBe(five)
    expect(one).not.toMatch(/Ms"|time|date|attempt/i)
  })

  test('never more samples at the same time than allowed', async () => {
    let [running, most] = [0, 0]
    const sandbox = fakeSandbox()
    const counting = {
      ...sandbox,
      open: async (...[images, options]: Parameters<typeof sandbox.open>) => {
        most = Math.max(most, ++running)
        const session = await sandbox.open(images, options)
        return { ...session, close: () => Promise.resolve(void running--) }
      },
    }
    await runEvaluation(parameters({ concurrency: 3, sandbox: counting }))
    expect(most).toBe(3)
  })

  test('a failure of the machine is repeated a finite number of times', async () => {
    const turnsFor = jest.fn(({ number }: { number: number }): Turn[] =>
      number === 3 ? [new ModelError('Server overloaded.', { isRetryable: true })] : answer(number),
    )
    const { status, summary, path } = await runEvaluation(parameters({ policy: fakePolicy({ turnsFor }) }))
    expect(status).toBe('incomplete')
    expect(summary).toMatchObject({ isComplete: false, overall: { n: 13, accuracy: 1, excluded: 1 } })
    expect(turnsFor.mock.calls.filter(([{ number }]) => number === 3)).toHaveLength(3)
    const failed = (await samplesOf(path)).find(({ taskId }) => taskId === 'row-3')
    expect(failed).toMatchObject({
      outcome: 'model-error',
      attempts: 3,
      trajectory: null,
      error: { name: 'ModelError', message: 'Server overloaded.' },
    })
  })

  test('a request that its client has repeated in vain is not repeated once more', async () => {
    const gaveUp = new ModelError('Gave up after 6 attempts.', { isRetryable: true, attempts: 6 })
    const turnsFor = jest.fn((): Turn[] => [gaveUp])
    const { summary } = await runEvaluation(parameters({ policy: fakePolicy({ turnsFor }) }))
    expect(turnsFor).toHaveBeenCalledTimes(14)
    expect(summary.overall.outcomes['model-error']).toBe(14)
  })

  test('a failure that repetition cannot help is not repeated', async () => {
    const turnsFor = jest.fn((): Turn[] => [new ModelError('No such model.')])
    const { summary } = await runEvaluation(parameters({ policy: fakePolicy({ turnsFor }) }))
    expect(turnsFor).toHaveBeenCalledTimes(14)
    expect(summary.overall).toMatchObject({ n: 0, accuracy: null, excluded: 14 })
  })

  test('failures do not count as done: a resumed run repeats them and ends as if nothing had happened', async () => {
    const flaky = fakePolicy({ turnsFor: ({ number }) => (number % 2 ? ['lost'] : variedTurns({ number })) })
    const first = await runEvaluation(parameters({ policy: flaky }))
    expect(first.summary.overall).toMatchObject({ n: 7, outcomes: { 'sandbox-error': 7 } })

    const turnsFor = jest.fn(variedTurns)
    const second = await runEvaluation(
      parameters({ policy: fakePolicy({ turnsFor }), run: { path: first.path, mode: 'resume' } }),
    )
    expect(second.status).toBe('complete')
    expect(turnsFor.mock.calls.every(([{ number }]) => number % 2 === 1)).toBe(true)
    const alone = await runEvaluation(parameters())
    expect(await readFile(join(first.path, 'summary.json'), 'utf8')).toBe(
      await readFile(join(alone.path, 'summary.json'), 'utf8'),
    )
  })

  test('an image that cannot be decoded is told, tried once, in no rate, and left alone by a resumed run', async () => {
    const sandbox = fakeSandbox()
    const opened: string[] = []
    const picky = {
      ...sandbox,
      open: (...[images]: Parameters<typeof sandbox.open>) => {
        opened.push(String(images[0]))
        return opened.at(-1) === 'image 5'
          ? Promise.reject(new ImageError('image 0 cannot be used: it is damaged.'))
          : sandbox.open(images)
      },
    }
    const first = await runEvaluation(parameters({ sandbox: picky }))
    expect(first).toMatchObject({
      status: 'complete',
      summary: { overall: { n: 13, excluded: 1, unusable: 1, outcomes: { 'sandbox-error': 0 } } },
      failures: [
        {
          ending: 'unusable',
          reason: 'image 0 cannot be used: it is damaged.',
          count: 1,
          sampleIds: ['row-5'],
        },
      ],
    })
    expect(opened.filter((image) => image === 'image 5')).toHaveLength(1)

    const run = { path: first.path, mode: 'resume' as const }
    const second = await runEvaluation(parameters({ sandbox: picky, run }))
    expect(second).toMatchObject({ status: 'complete', summary: first.summary, failures: first.failures })
    expect(opened).toHaveLength(14)
  })

  test('an image that only took too long to decode is tried again, and by a resumed run too', async () => {
    const busy = {
      ...fakeSandbox(),
      open: () => Promise.reject(new ImageError('too slow', { isRetryable: true })),
    }
    const { status, summary, failures } = await runEvaluation(parameters({ sandbox: busy }))
    expect(status).toBe('incomplete')
    expect(summary.overall).toMatchObject({ unusable: 0, outcomes: { 'sandbox-error': 14 } })
    expect(failures).toMatchObject([{ ending: 'sandbox-error', count: 14 }])
  })

  test('a resumed run must have the same prompt, limits and scoring', async () => {
    const { path } = await runEvaluation(parameters())
    const agent = { ...AGENT, prompt: 'Another prompt.', limits: { turns: 9 } }
    const resumed = runEvaluation(parameters({ agent, run: { path, mode: 'resume' } }))
    await expect(resumed).rejects.toThrow(/agent\.limits\.turns: 4 in the run, 9 now\n {2}agent\.prompt: /)
  })

  test('a resumed run must ask the same: another template, or another image file, is another question', async () => {
    const definition = join(folder, 'asked.yaml')
    const under = async (prompt: string) => {
      const source = '{ kind: local, file: rows.jsonl }'
      const text = `name: asked\ntitle: Asked\nsource: ${source}\nrows: mvtoolbench\nscoring: strict\nprompt: '${prompt}'\n`
      await writeFile(definition, text)
      return loadSuite({ suite: definition })
    }
    const { path } = await runEvaluation(parameters({ suite: await under('{question}') }))
    const retold = parameters({ suite: await under('{question} Guess.'), run: { path, mode: 'resume' } })
    await expect(runEvaluation(retold)).rejects.toThrow(/dataset\.questions: "\w+" in the run, "\w+" now\n/)
    await runEvaluation(parameters({ suite: await under('{question}'), run: { path, mode: 'resume' } }))

    const [rows, image] = [join(folder, 'beside.jsonl'), join(folder, 'beside.png')]
    await writeFile(rows, JSON.stringify({ id: 'row-3', question: '3?', answer: '3', image: 'beside.png' }))
    await writeFile(image, 'one image')
    const beside = await runEvaluation(parameters({ suite: await loadSuite({ suite: rows }) }))
    await writeFile(image, 'another image')
    const run = { path: beside.path, mode: 'resume' } as const
    const repainted = parameters({ suite: await loadSuite({ suite: rows }), run })
    await expect(runEvaluation(repainted)).rejects.toThrow(/dataset\.questions: /)
  })

  test('a run that does not say what it asked, as older versions made them, is resumed', async () => {
    const { path, summary } = await runEvaluation(parameters())
    await forgetQuestions(path)
    const again = await runEvaluation(parameters({ run: { path, mode: 'resume' } }))
    expect(again.summary).toEqual(summary)
  })

  test('keys do not reach the journal in an error’s text', async () => {
    const turnsFor = (): Turn[] => [new ModelError('Key my-secret-key refused.')]
    const { path } = await runEvaluation(
      parameters({ policy: fakePolicy({ turnsFor }), secrets: ['my-secret-key'] }),
    )
    expect(await readFile(join(path, 'samples.jsonl'), 'utf8')).not.toContain('my-secret-key')
  })

  test('a server that is not there leaves no run behind', async () => {
    const run = { path: newPath(), mode: 'create' } as const
    const policy = {
      ...fakePolicy({ turnsFor: variedTurns }),
      check: () => Promise.reject(new ModelError('No server.')),
    }
    await expect(runEvaluation(parameters({ run, policy }))).rejects.toThrow('No server.')
    await runEvaluation(parameters({ run }))
  })

  test('the first interrupt finishes what is running, and a resumed run does the rest', async () => {
    const drain = new AbortController()
    const seen: string[] = []
    const first = await runEvaluation(
      parameters({
        concurrency: 2,
        interrupts: { drain: drain.signal },
        onProgress: (_, sample) => {
          if (sample !== null && seen.push(sample.key) === 3) drain.abort()
        },
      }),
    )
    expect(first.status).toBe('interrupted')
    expect(first.summary.overall).toMatchObject({ n: seen.length, excluded: 0 })
    expect(seen.length).toBeLessThanOrEqual(5)
    const second = await runEvaluation(parameters({ run: { path: first.path, mode: 'resume' } }))
    expect(second).toMatchObject({ status: 'complete', summary: { overall: { n: 14 } } })
  })

  test('the second interrupt stops what is running, which leaves no trace in the journal', async () => {
    const cancel = new AbortController()
    const policy = fakePolicy({ turnsFor: variedTurns })
    const hanging = {
      ...policy,
      next: async (request: Parameters<typeof policy.next>[0]) => {
        const ended = new Promise<never>((_, reject) => {
          request.signal.addEventListener('abort', () => reject(request.signal.reason), { once: true })
        })
        setImmediate(() => cancel.abort())
        return ended
      },
    }
    const { status, path } = await runEvaluation(
      parameters({ policy: hanging, interrupts: { cancel: cancel.signal } }),
    )
    expect(status).toBe('interrupted')
    expect(await samplesOf(path)).toEqual([])
  })

  test('a run folder that can no longer be written ends the run with its error, and finished samples are kept', async () => {
    const run = { path: newPath(), mode: 'create' } as const
    const images = join(run.path, 'images')
    let finished = 0
    const spoil = (): void => {
      if (++finished !== 2) return
      rmSync(images, { recursive: true })
      writeFileSync(images, 'in the way')
    }
    await expect(
      runEvaluation(parameters({ run, concurrency: 1, onProgress: (_, sample) => sample && spoil() })),
    ).rejects.toThrow(StoreError)
    expect(await readdir(run.path)).not.toContain('lock.json')
    expect(await samplesOf(run.path)).toHaveLength(2)
  })

  test('a defect of the program is not recorded as an outcome', async () => {
    const turnsFor = (): Turn[] => [new TypeError('defect')]
    const run = { path: newPath(), mode: 'create' } as const
    await expect(runEvaluation(parameters({ run, policy: fakePolicy({ turnsFor }) }))).rejects.toThrow(
      'defect',
    )
    expect(await samplesOf(run.path)).toEqual([])
  })
})

describe('rescore', () => {
  test('scores recorded answers under another profile and leaves the run’s own summary alone', async () => {
    const turnsFor = ({ number }: { number: number }): Turn[] => [{ answer: `it is ${number}` }]
    const { path, summary } = await runEvaluation(parameters({ policy: fakePolicy({ turnsFor }) }))
    expect(summary.overall.correct).toBe(0)
    const { summary: again } = await rescore({ path, scoring: { profile: 'codevision', judge: null } })
    expect(again).toMatchObject({
      scoring: 'codevision',
      policy: { name: 'fake' },
      overall: { n: 14, correct: 14 },
    })
    expect(JSON.parse(await readFile(join(path, 'summary.codevision.json'), 'utf8'))).toEqual(again)
    const lines = (await readFile(join(path, 'scores.codevision.jsonl'), 'utf8')).trim().split('\n')
    expect(lines.map((line) => JSON.parse(line) as unknown)[0]).toMatchObject({
      outcome: 'correct',
      score: { profile: 'codevision', rule: 'equivalent' },
    })
    expect(JSON.parse(await readFile(join(path, 'summary.json'), 'utf8'))).toEqual(summary)
  })

  test('under the same profile gives the same summary', async () => {
    const { path, summary } = await runEvaluation(parameters())
    const again = await rescore({ path, scoring: { profile: 'strict', judge: null } })
    expect(again).toEqual({ summary, judgeUsage: null, stoppedBy: null, notice: null })
  })

  test('a judge that fails is counted, and asked again a finite number of times', async () => {
    const { path } = await runEvaluation(parameters())
    const ask = jest.fn(() => Promise.reject(new JudgeError('Overloaded.', { isRetryable: true })))
    const judge = { model: 'broken', check: () => Promise.resolve(), judge: ask }
    const retries = { count: 1, delayMs: 1 }
    const { summary } = await rescore({ path, scoring: { profile: 'strict', judge }, retries })
    expect(summary.overall).toMatchObject({ excluded: 4, outcomes: { 'judge-error': 4, wrong: 0 } })
    expect(ask).toHaveBeenCalledTimes(8)
  })
})
