import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import { openRun } from '../store/open-run.js'
import type { ConversationExamples } from './conversation-examples.js'
import { recordedExamples } from './recorded-examples.js'

const root = await mkdtemp(join(tmpdir(), 'codevision-recorded-'))
afterAll(() => rm(root, { recursive: true }))

const examples = { sha256: 'contents', earlierSha256: 'names' } as ConversationExamples

async function runWith(sha256: string): Promise<string> {
  const path = join(root, sha256)
  const manifest = { identity: { dataset: { sha256, rows: 3 } }, config: {}, environment: {} }
  await (await openRun({ path, mode: 'create', manifest })).close()
  return path
}

test('a run that began when images were told by their names goes on as it began, any other by their contents', async () => {
  expect((await recordedExamples({ resumed: null, examples })).sha256).toBe('contents')
  const sha256Of = async (recorded: string): Promise<string> =>
    (await recordedExamples({ resumed: await runWith(recorded), examples })).sha256
  expect(await sha256Of('names')).toBe('names')
  expect(await sha256Of('contents')).toBe('contents')
  expect(await sha256Of('others')).toBe('contents')
})
