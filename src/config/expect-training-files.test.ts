import { afterAll, expect, test } from '@jest/globals'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expectTrainingFiles } from './expect-training-files.js'

const folder = await mkdtemp(join(tmpdir(), 'codevision-training-files-'))
afterAll(() => rm(folder, { recursive: true }))
await mkdir(join(folder, 'model'))
await writeFile(join(folder, 'rows.jsonl'), '')

async function written(text: string): Promise<string> {
  const path = join(folder, 'mine.yaml')
  await writeFile(path, text)
  return path
}

test('what a configuration names is looked for beside it, and what is missing told with file, line and key', async () => {
  await expectTrainingFiles({ path: await written('model: { path: model }\ndata: rows.jsonl\n') })
  const data = expectTrainingFiles({ path: await written('model: { path: model }\ndata: x\n') })
  await expect(data).rejects.toThrow(
    `${join(folder, 'mine.yaml')} line 2: \`data\`: expected what to learn from, got ${join(folder, 'x')}, which is not there; name another path, or another --data`,
  )
  const model = expectTrainingFiles({ path: await written('model:\n  path: base\ndata: rows.jsonl\n') })
  await expect(model).rejects.toThrow(/line 2: `model\.path`: expected the folder of a checkpoint/)
  const one = expectTrainingFiles({
    path: await written('model: { path: model }\ndata: [rows.jsonl, y.jsonl]\n'),
  })
  await expect(one).rejects.toThrow(/line 2: `data`.*y\.jsonl, which is not there/)
  const held = expectTrainingFiles({
    path: await written('model: { path: model }\nevaluation: { data: held.jsonl }\n'),
  })
  await expect(held).rejects.toThrow(/line 2: `evaluation\.data`: expected rows to measure on/)
})

test('what the command line names stands for what the file names', async () => {
  const path = await written('model: { path: absent }\ndata: absent\n')
  const there = { model: join(folder, 'model'), data: join(folder, 'rows.jsonl') }
  await expectTrainingFiles({ path, overrides: there })
  const missing = expectTrainingFiles({ path, overrides: { ...there, data: join(folder, 'z.jsonl') } })
  await expect(missing).rejects.toThrow(/^--data: expected what to learn from/)
})
