import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import { openRun } from '../store/open-run.js'
import { plannedSamples } from './planned-samples.js'

const root = await mkdtemp(join(tmpdir(), 'codevision-planned-'))
afterAll(() => rm(root, { recursive: true }))

const settings = { totalSteps: 7, groupSize: 4, batch: 3, keepSamples: { every: 2, prompts: 8 } }

test('of every so many steps the first prompts are kept, no more than a batch has', async () => {
  expect(await plannedSamples({ resumed: null, settings })).toBe(4 * 3 * 4)
  const fewer = { ...settings, keepSamples: { every: 7, prompts: 2 } }
  expect(await plannedSamples({ resumed: null, settings: fewer })).toBe(2 * 4)
})

test('a run that goes on says what it said when it began', async () => {
  const path = join(root, 'run')
  const manifest = { identity: { head: { planned: 5 } }, config: {}, environment: {} }
  await (await openRun({ path, mode: 'create', manifest })).close()
  expect(await plannedSamples({ resumed: path, settings })).toBe(5)
})
