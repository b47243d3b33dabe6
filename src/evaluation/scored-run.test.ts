import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
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

test('damaged scores are no scores', async () => {
  const path = await writeTestRun({ samples })
  await rescore({ path, scoring: { profile: 'codevision', judge: null } })
  const file = join(path, 'scores.codevision.jsonl')
  await writeFile(file, (await readFile(file, 'utf8')).replace('"correct"', '"corect"'))
  await expect(openScoredRun({ path, profile: 'codevision' })).rejects.toThrow(/expected scores, got/)
})
