import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { UsageError } from '../../../core/errors.js'
import { TRANSFORMS } from '../../../core/transform.js'
import { readTrainedSeed, readTrainedSeeds } from './trained-seed.js'

const ONE = { n: 2, accuracy: 0.5, low: 0.1, high: 0.9, turns: 1, toolErrors: 0 }
const FIGURES = JSON.stringify({ rl: Object.fromEntries(TRANSFORMS.map((transform) => [transform, ONE])) })

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'codevision-seeds-'))
  await mkdir(join(folder, 'mini-7'))
  await mkdir(join(folder, 'mini-8'))
  await writeFile(join(folder, 'mini-7', 'evaluation.json'), FIGURES)
  await writeFile(join(folder, '9.json'), FIGURES)
  await writeFile(join(folder, 'cut.json'), FIGURES.slice(0, 40))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

test('a training is its folder or a file of its figures, and has its name', async () => {
  expect(await readTrainedSeed(`${join(folder, 'mini-7')}/`)).toMatchObject({
    label: 'mini-7',
    stages: { rl: { flip_vertical: ONE } },
  })
  expect(await readTrainedSeed(join(folder, '9.json'))).toMatchObject({ label: '9' })
  expect(await readTrainedSeed(join(folder, 'mini-7', 'evaluation.json'))).toMatchObject({ label: 'mini-7' })
})

test.each([
  ['mini-8', /mini-8: expected the folder of a training that was evaluated, .* it goes on$/],
  ['nowhere', /nowhere: expected figures of the mini experiment/],
  ['cut.json', /cut\.json: expected figures of the mini experiment/],
])('what has no figures is refused: %s', async (name, told) => {
  const refused = expect(readTrainedSeed(join(folder, name))).rejects
  await refused.toThrow(told)
  await expect(readTrainedSeed(join(folder, name))).rejects.toBeInstanceOf(UsageError)
})

test('trainings that cannot stand side by side are refused', async () => {
  await writeFile(join(folder, 'more.json'), FIGURES.replaceAll('"n":2', '"n":4'))
  const read = (...names: string[]) => readTrainedSeeds(names.map((name) => join(folder, name)))
  expect(await read('mini-7', '9.json')).toHaveLength(2)
  await expect(read('9.json', 'mini-7', './9.json')).rejects.toThrow(/9\.json twice; it would count as two$/)
  await expect(read('9.json', 'more.json')).rejects.toThrow(
    'got 2 upright ones of 9 and 4 of more; evaluate them alike',
  )
})
