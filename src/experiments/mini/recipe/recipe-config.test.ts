import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { loadMiniRecipe, type RecipeStage } from './recipe-config.js'

const SHIPPED = fileURLToPath(new URL('../../../../configs/mini/recipe.yaml', import.meta.url))

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'codevision-recipe-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** Every seed that a stage draws by. */
function seedsOf(stage: RecipeStage): readonly (string | number | null)[] {
  return stage.kind === 'supervised' ? [stage.config.seed] : [stage.seed, stage.boards.seed]
}

test('a seed varies every stage, each in its own way, and none leaves the seeds of the files', async () => {
  const seeds = async (seed: number | null): Promise<(string | number | null)[]> =>
    (await loadMiniRecipe({ path: SHIPPED, seed })).stages.flatMap(seedsOf)
  const [own, seven, again, eight] = [await seeds(null), await seeds(7), await seeds(7), await seeds(8)]
  expect(own.at(-1)).toBe('rl')
  expect(own.at(-2)).toBeNull()
  expect(again).toEqual(seven)
  const varied = [...seven, ...eight, ...own]
  // Of the files, some may be the same.
  expect(new Set(varied).size).toBe(seven.length + eight.length + new Set(own).size)
  const evaluations = await Promise.all(
    [null, 7].map(async (seed) => (await loadMiniRecipe({ path: SHIPPED, seed })).evaluation),
  )
  expect(evaluations[1]).toEqual(evaluations[0])
})

test.each([
  [
    'stages: [{ kind: grpo, name: rl, config: a.yaml, boards: { rows: 6 } }]',
    'expected a supervised stage first',
  ],
  [
    'stages: [{ kind: supervised, name: a, config: a.yaml }, { kind: supervised, name: a, config: a.yaml }]',
    'expected a name of its own for each stage',
  ],
  [
    'stages: [{ kind: supervised, name: ../a, config: a.yaml }]',
    'expected lower-case letters, digits and hyphens',
  ],
  [
    'stages: [{ kind: supervised, name: a, config: there-is-none.yaml }]',
    'there-is-none.yaml: expected a YAML file',
  ],
])('a recipe that cannot be run is refused with what was expected: %s', async (text, told) => {
  const path = join(folder, 'recipe.yaml')
  await writeFile(path, `${text}\n`)
  await expect(loadMiniRecipe({ path, seed: null })).rejects.toThrow(told)
})
