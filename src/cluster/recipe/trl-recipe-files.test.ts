import { expect, test } from '@jest/globals'
import type { Recipe } from './recipe.js'
import { trlRecipe } from './trl-recipe.js'

const place = {
  ...{ folder: '/out', model: 'Qwen/Qwen3-VL-8B-Thinking', data: '/rl-verl/codevision_rl.parquet' },
  ...{ url: 'http://127.0.0.1:8000', nodes: 2, gpus: 8 },
}
const packageFolder = '/package/'

const recipes: [string, Recipe][] = [
  [
    "TRL with the paper's values on one machine",
    trlRecipe({ variant: 'paper', place: { ...place, nodes: 1 }, packageFolder }),
  ],
  [
    "TRL with the release's values on several, the service behind a proxy",
    trlRecipe({ variant: 'release', place: { ...place, url: 'https://env' }, packageFolder }),
  ],
]

// What a trainer reads is held letter by letter: a key that is none, or a value that has changed, is found nowhere else without that trainer.
test.each(recipes)('a recipe for %s is as expected in every file', (_, { files }) => {
  for (const [name, text] of Object.entries(files)) expect(text).toMatchSnapshot(name)
})
