import { expect, test } from '@jest/globals'
import { SYSTEM_PROMPT } from '../../agent/system-prompt.js'
import type { Recipe } from './recipe.js'
import { verlRecipe } from './verl-recipe.js'

const place = {
  ...{ folder: '/out', model: 'Qwen/Qwen3-VL-8B-Thinking', data: '/rl-verl/codevision_rl.parquet' },
  ...{ url: 'http://127.0.0.1:8000', nodes: 2, gpus: 8 },
}
const packageFolder = '/package/'

const recipes: [string, Recipe][] = [
  [
    "verl with the paper's values on one machine",
    verlRecipe({
      ...{ variant: 'paper', version: '0.9', place: { ...place, nodes: 1 }, packageFolder },
      choices: { validation: null, opening: '<think>\\n' },
    }),
  ],
  [
    "verl with the release's values and rows held out on several, the service elsewhere, spaces in paths",
    verlRecipe({
      ...{ variant: 'release', version: '0.8', packageFolder: '/my packages/codevision/' },
      place: { ...place, folder: '/my recipes/out', data: '/rows of mine.parquet', url: 'http://env:8001' },
      choices: { validation: '/held/codevision_rl.parquet', opening: null },
    }),
  ],
]

// What a trainer reads is held letter by letter: a key that is none, or a value that has changed, is found nowhere else without that trainer.
test.each(recipes)('a recipe for %s is as expected in every file', (_, { files }) => {
  for (const [name, text] of Object.entries(files))
    if (name === 'system-prompt.txt') expect(text).toBe(SYSTEM_PROMPT)
    else expect(text).toMatchSnapshot(name)
})
