import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { UsageError } from '../../core/errors.js'
import { TRANSFORMS } from '../../core/transform.js'
import { countParameters } from '../../models/checkpoint/count-parameters.js'
import { readMiniFigures } from './mini-figures.js'
import { MINI_STAGES } from './mini-stages.js'
import { modelCard } from './model-card.js'

const one = { n: 200, accuracy: 0.935, low: 0.8922, high: 0.9615, turns: 2.4, toolErrors: 7 }
const figures = Object.fromEntries(TRANSFORMS.map((name) => [name, one]))

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'codevision-card-'))
})
afterAll(() => rm(folder, { recursive: true }))

test('a card has the figures of the file, a line for each orientation, and says where they come from', async () => {
  const path = join(folder, 'mini.json')
  await writeFile(path, JSON.stringify({ rl: figures }))
  const { rl = null, sft = null } = await readMiniFigures(path)
  const card = modelCard({ stage: 'rl', parameters: 2_712_345, figures: rl })
  const lines = card.split('\n').filter((line) => line.includes('93.5 %'))
  expect(lines).toHaveLength(6)
  expect(lines[1]).toBe('| rotate_90 | 200 | 93.5 % | 89.2 to 96.2 % | 2.40 | 7 |')
  expect(card).toMatch(/^---\nlicense: apache-2.0\n/)
  expect(card).toContain('configs/mini/eval-tools.yaml')
  expect(modelCard({ stage: 'sft', parameters: 1, figures: sft })).toContain('\nNot measured.\n')
})

test.each(MINI_STAGES)(
  '%s: the card that is shipped has the number of parameters of its checkpoint',
  async (stage) => {
    const directory = fileURLToPath(new URL(`../../../checkpoints/mini/${stage}`, import.meta.url))
    const parameters = await countParameters(directory)
    const ofSize = (card: string): string | undefined => /^.* parameters in the shape of/m.exec(card)?.[0]
    const shipped = await readFile(join(directory, 'README.md'), 'utf8')
    expect(ofSize(shipped)).toBe(ofSize(modelCard({ stage, parameters, figures: null })))
    const larger = modelCard({ stage, parameters: 5 * parameters, figures: null })
    expect(ofSize(larger)).not.toBe(ofSize(shipped))
  },
)

test('figures of another form are refused', async () => {
  const path = join(folder, 'other.json')
  await writeFile(path, JSON.stringify({ rl: { none: one } }))
  await expect(readMiniFigures(path)).rejects.toThrow(UsageError)
})
