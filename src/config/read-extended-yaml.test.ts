import { afterAll, expect, test } from '@jest/globals'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { readExtendedYaml } from './read-extended-yaml.js'

const folder = await mkdtemp(join(tmpdir(), 'codevision-extended-'))
afterAll(() => rm(folder, { recursive: true }))

async function written(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), text)
  }
}

test('mappings are merged, the later file wins, and each key has the line and file that say it', async () => {
  await written({
    'deep/base.yaml': 'training: { batch: 4, passes: 2 }\ndata: [a, b]\n',
    'model.yaml': 'model:\n  kind: torch\n',
    'mine.yaml': 'extends: [deep/base.yaml, model.yaml]\ntraining:\n  batch: 8\ndata: [c]\n',
  })
  const file = await readExtendedYaml(join(folder, 'mine.yaml'))
  expect(file.value).toEqual({
    training: { batch: 8, passes: 2 },
    model: { kind: 'torch' },
    data: ['c'],
  })
  const told = (...keys: string[]) => [file.sourceOf(keys), file.lineOf(keys)]
  expect(told('training', 'batch')).toEqual([join(folder, 'mine.yaml'), 3])
  expect(told('training', 'passes')).toEqual([join(folder, 'deep/base.yaml'), 1])
  expect(told('model', 'kind')).toEqual([join(folder, 'model.yaml'), 2])
  expect(told('model', 'nothing')).toEqual([join(folder, 'model.yaml'), 1])
  expect(told('nothing')).toEqual([join(folder, 'mine.yaml'), null])
})

test('a mapping of another kind replaces the one below, one of the same or of no kind adds to it', async () => {
  await written({
    'base.yaml': 'model: { kind: tfjs, trains: all, path: a }\n',
    'other.yaml': 'extends: base.yaml\nmodel: { kind: torch, path: b }\n',
    'same.yaml': 'extends: base.yaml\nmodel: { path: c }\n',
  })
  const valueOf = async (name: string) => (await readExtendedYaml(join(folder, name))).value
  expect(await valueOf('other.yaml')).toEqual({ model: { kind: 'torch', path: 'b' } })
  expect(await valueOf('same.yaml')).toEqual({ model: { kind: 'tfjs', trains: 'all', path: 'c' } })
})

test('files in a circle, files that are not there and an `extends` that names no file are told', async () => {
  await written({
    'a.yaml': 'extends: b.yaml\n',
    'b.yaml': 'extends: a.yaml\n',
    'lost.yaml': 'extends: nowhere.yaml\n',
    'wrong.yaml': 'seed: 1\nextends: { from: a.yaml }\n',
  })
  const reading = (name: string) => readExtendedYaml(join(folder, name))
  await expect(reading('a.yaml')).rejects.toThrow(/do not extend each other, got .*a\.yaml → .*b\.yaml → /)
  await expect(reading('lost.yaml')).rejects.toThrow(/nowhere\.yaml: expected a YAML file that can be read/)
  await expect(reading('wrong.yaml')).rejects.toThrow(
    'wrong.yaml line 2: extends: expected the path of a YAML file, or a list of paths, got {"from":"a.yaml"}',
  )
})
