import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { JudgeError } from '../core/errors.js'
import type { Sample } from '../core/sample.js'
import { openRun } from '../store/open-run.js'
import { rescore } from './rescore.js'
import { openScoredRun } from './scored-run.js'
import { testSample, trajectoryOf, writeTestRun } from './testing/samples.js'

const samples = [
  testSample({ name: '1', answers: ['1'], trajectory: trajectoryOf({ answer: '1.0' }), outcome: 'wrong' }),
  testSample({ name: 'b', answers: ['b'], trajectory: trajectoryOf({ answer: 'b' }) }),
]

test('a run comes with its own scoring, or with one that it was given later', async () => {
  const path = await writeTestRun({ samples })
  await rescore({ path, scoring: { profile: 'codevision', judge: null } })
  const outcomes = async (profile: string | null): Promise<string[]> => {
    const scored = await openScoredRun({ path, profile })
    const found: string[] = [scored.head.scoring]
    for await (const { outcome, scores } of scored.samples())
      found.push(`${outcome} ${Object.keys(scores).join()}`)
    return found
  }
  expect(await outcomes(null)).toEqual(['strict', 'wrong strict', 'correct strict'])
  expect(await outcomes('strict')).toEqual(await outcomes(null))
  expect(await outcomes('codevision')).toEqual(['codevision', 'correct codevision', 'correct codevision'])
})

test('a scoring that the run was not given is refused with the command that gives it', async () => {
  const path = await writeTestRun({ samples })
  await expect(openScoredRun({ path, profile: 'codevision' })).rejects.toThrow(
    /no scores of the profile codevision; make them: codevision score .*--profile codevision/,
  )
})

test('scores that the run has outgrown are refused with the command that makes them anew, as soon as they are read', async () => {
  const failed = testSample({ name: 'c', trajectory: null, outcome: 'model-error', score: {} })
  const grown = async (begun: readonly Sample[], later: Sample): Promise<string[]> => {
    const path = await writeTestRun({ samples: begun })
    await rescore({ path, scoring: { profile: 'codevision', judge: null } })
    const run = await openRun({ path, mode: 'append' })
    await run.append(later)
    await run.close()
    const { samples: read } = await openScoredRun({ path, profile: 'codevision' })
    const keys: string[] = []
    for await (const { key } of read()) keys.push(key)
    return keys
  }
  const stale = /sample c#0: expected .* profile codevision, .*codevision score .*--profile codevision/
  const answered = testSample({ name: 'c' })
  await expect(grown(samples, answered)).rejects.toThrow(stale)
  await expect(grown([...samples, failed], answered)).rejects.toThrow(stale)
  await expect(grown(samples, failed)).rejects.toThrow(stale)
  expect(await grown([...samples, failed], failed)).toHaveLength(3)
})

test('a sample that the judge failed has been scored, and counts as that', async () => {
  const path = await writeTestRun({ samples })
  const ask = () => Promise.reject(new JudgeError('Overloaded.'))
  const judge = { model: 'broken', check: () => Promise.resolve(), judge: ask }
  await rescore({ path, scoring: { profile: 'strict', judge } })
  const outcomes = []
  const { samples: read } = await openScoredRun({ path, profile: 'strict' })
  for await (const { outcome } of read()) outcomes.push(outcome)
  expect(outcomes).toEqual(['judge-error', 'correct'])
})

test('damaged scores are no scores', async () => {
  const path = await writeTestRun({ samples })
  await rescore({ path, scoring: { profile: 'codevision', judge: null } })
  const file = join(path, 'scores.codevision.jsonl')
  await writeFile(file, (await readFile(file, 'utf8')).replace('"correct"', '"corect"'))
  await expect(openScoredRun({ path, profile: 'codevision' })).rejects.toThrow(/expected scores, got/)
})
