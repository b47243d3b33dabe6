import { afterAll, describe, expect, test } from '@jest/globals'
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { JudgeError, UsageError } from '../../core/errors.js'
import type { Judge } from '../../core/judge.js'
import type { Sample } from '../../core/sample.js'
import type { Scorer } from '../../core/scorer.js'
import type { Task } from '../../core/task.js'
import { loadSuite, type Suite } from '../../data/load-suite.js'
import { suiteSchema } from '../../data/suite-definition.js'
import { openRun } from '../../store/open-run.js'
import { rescore } from '../rescore.js'
import { runEvaluation, type RunEvaluationParameters } from '../run/run-evaluation.js'
import { AGENT, fakePolicy, fakeSandbox, type Turn } from '../testing/fakes.js'
import { writeRows } from '../testing/rows.js'

const folder = await mkdtemp(join(tmpdir(), 'codevision-scoring-'))
afterAll(() => rm(folder, { recursive: true }))
const plain = await loadSuite({ suite: await writeRows({ path: join(folder, 'rows.jsonl'), count: 3 }) })

/** The same rows as a suite of a benchmark: question n has what `columns` says. */
function suiteOf({ scorer, columns }: { scorer: Scorer; columns: Partial<Task> }): Suite {
  const definition = suiteSchema.parse({
    name: scorer,
    title: scorer,
    source: { kind: 'local', file: 'rows.jsonl' },
    rows: 'mvtoolbench',
    columns: {},
    scoring: 'strict',
    scorer,
  })
  return {
    ...plain,
    name: scorer,
    definition,
    async *tasks(options) {
      for await (const row of plain.tasks(options)) yield { ...row, task: { ...row.task, ...columns } }
    },
  }
}

let made = 0
function parameters({
  suite,
  answers,
  ...changes
}: { suite: Suite; answers: readonly string[] } & Partial<RunEvaluationParameters>): RunEvaluationParameters {
  const turnsFor = ({ number }: { number: number }): Turn[] => [{ answer: answers[number] ?? '' }]
  return {
    suite,
    policy: fakePolicy({ turnsFor }),
    sandbox: fakeSandbox(),
    agent: AGENT,
    scoring: { profile: 'strict', judge: null },
    run: { path: join(folder, `run-${made++}`), mode: 'create' },
    retries: { count: 0, delayMs: 1 },
    ...changes,
  }
}

async function samplesOf(path: string): Promise<Sample[]> {
  const samples: Sample[] = []
  for await (const sample of (await openRun({ path, mode: 'read' })).samples()) samples.push(sample)
  return samples.sort((a, b) => (a.taskId < b.taskId ? -1 : 1))
}

const ocrbench = suiteOf({
  scorer: 'ocrbench',
  columns: { category: 'Doc-oriented VQA', metadata: { dataset_name: 'docVQA' } },
})
/** A judge that must not be asked, nor even be there. */
const absent: Judge = {
  model: 'absent',
  judge: () => Promise.reject(new JudgeError('The judge is not there.')),
  check: () => Promise.reject(new JudgeError('The judge is not there.')),
}

describe('a run of a benchmark', () => {
  test('is scored by the benchmark’s rules, and again by every other profile without generating', async () => {
    const { path, summary } = await runEvaluation(
      parameters({
        suite: ocrbench,
        answers: ['it says 0', 'one', '2'],
        scoring: { profile: 'official', judge: null },
      }),
    )
    expect(summary.overall).toMatchObject({ n: 3, correct: 2 })
    const [first] = await samplesOf(path)
    expect(first).toMatchObject({
      scorer: 'ocrbench',
      category: 'Doc-oriented VQA',
      scores: { official: { answer: 'it says 0', taken: 'answer', rule: 'contains', correct: true } },
    })
    for (const profile of ['vlmevalkit', 'lmms_eval', 'strict'] as const) {
      const again = await rescore({ path, scoring: { profile, judge: null } })
      expect(again.summary.overall.correct).toBe(profile === 'strict' ? 1 : 2)
      expect(await readFile(join(path, `scores.${profile}.jsonl`), 'utf8')).toMatch(`"profile":"${profile}"`)
    }
  })

  test('keeps partial credit', async () => {
    const metadata = { answer: ['Apple'], question_type: 'Factoid', year: ['NO'] }
    const suite = suiteOf({ scorer: 'chartqapro', columns: { metadata } })
    const { path, summary } = await runEvaluation(
      parameters({
        suite,
        answers: ['apple', 'Aple', 'pear'],
        scoring: { profile: 'vlmevalkit', judge: null },
      }),
    )
    expect(summary.overall.correct).toBe(1)
    const values = (await samplesOf(path)).map(({ scores }) => scores['vlmevalkit']?.value)
    expect(values).toEqual([1, 0.8, 0])
  })

  test('does not ask a judge where the rules decide everything, and says so', async () => {
    const told: string[] = []
    const scoring = { profile: 'official', judge: absent } as const
    const { summary, path } = await runEvaluation(
      parameters({
        suite: ocrbench,
        answers: ['0', '1', '2'],
        scoring,
        onNotices: (notices) => told.push(...notices),
      }),
    )
    expect(summary).toMatchObject({ judge: 'none', isComplete: true })
    expect(told).toEqual([expect.stringMatching(/absent is left out.*official.*ocrbench/)])
    expect(await rescore({ path, scoring })).toMatchObject({
      summary: { judge: 'none' },
      notice: told[0],
    })
  })

  test('is refused before it starts under a profile that its suite does not have', async () => {
    const suite = suiteOf({ scorer: 'vstar', columns: { options: ['x', 'y'], answers: ['A'] } })
    const given = parameters({
      suite,
      answers: [],
      scoring: { profile: 'official', judge: null },
    })
    await expect(runEvaluation(given)).rejects.toThrow(/expected codevision, strict, vlmevalkit, lmms_eval/)
    await expect(stat(given.run.path)).rejects.toThrow(/ENOENT/)
  })

  test('is refused before it starts where its rows lack what the profile reads', async () => {
    const suite = suiteOf({ scorer: 'chartqapro', columns: { metadata: {} } })
    const given = parameters({ suite, answers: [], scoring: { profile: 'official', judge: null } })
    await expect(runEvaluation(given)).rejects.toThrow(/row row-0: .*metadata\.answer/)
  })
})

test('a run that kept no scorer cannot be scored by a benchmark’s rules, and the sentence says what to do', async () => {
  const { path } = await runEvaluation(parameters({ suite: plain, answers: ['0', '1', '2'] }))
  const again = rescore({ path, scoring: { profile: 'official', judge: null } })
  await expect(again).rejects.toThrow(UsageError)
  await expect(rescore({ path, scoring: { profile: 'official', judge: null } })).rejects.toThrow(
    /got official.*evaluate the suite again/,
  )
})
