import { resolve } from 'node:path'
import type { CommandModule, InferredOptionTypes, Options } from 'yargs'
import { recipeDifferences } from '../cluster/recipe/recipe-differences.js'
import { VERL_VERSIONS } from '../cluster/recipe/verl-settings.js'
import { indented } from './indented.js'
import { numberOf } from './number-of.js'

const RECIPE_OPTIONS = {
  out: { type: 'string', describe: 'Folder to write to [default: recipe-<trainer>]' },
  variant: {
    choices: ['paper', 'release'],
    default: 'paper',
    describe: 'Whose values, where paper and release differ',
  },
  verl: { type: 'string', choices: VERL_VERSIONS, default: VERL_VERSIONS[0], describe: 'Version of verl' },
  model: { type: 'string', default: 'Qwen/Qwen3-VL-8B-Thinking', describe: 'Folder or name of the model' },
  data: {
    type: 'string',
    default: 'rl-verl/codevision_rl.parquet',
    describe: 'Rows of codevision data export --format verl',
  },
  url: { type: 'string', default: 'http://127.0.0.1:8000', describe: 'Of codevision serve env' },
  nodes: { ...numberOf('--nodes'), default: 2, describe: 'Machines' },
  gpus: { ...numberOf('--gpus'), default: 8, describe: 'GPUs of each' },
  opening: {
    type: 'string',
    default: '',
    describe: "What the model's chat template begins each of its turns with, as '<think>\\n'",
  },
} satisfies Record<string, Options>

type RecipeArguments = InferredOptionTypes<typeof RECIPE_OPTIONS> & { trainer: 'verl' | 'trl' }

export const clusterRecipeCommand: CommandModule<object, RecipeArguments> = {
  command: 'recipe <trainer>',
  describe: "Write the paper's training as configuration of another trainer (docs/verl.md, docs/trl.md)",
  builder: (command) =>
    command
      .positional('trainer', {
        choices: ['verl', 'trl'] as const,
        demandOption: true,
        describe: 'The trainer',
      })
      .options(RECIPE_OPTIONS)
      .example('$0 cluster recipe verl --model runs/sft/policy', 'Tool, overrides, launch script')
      .example('$0 cluster recipe trl --variant release', "With the values of the paper's release"),
  handler: async (given) => {
    const folder = resolve(given.out ?? `recipe-${given.trainer}`)
    const { writeRecipe } = await import('../cluster/recipe/write-recipe.js')
    const { settings, files } = await writeRecipe({
      trainer: given.trainer,
      variant: given.variant as 'paper' | 'release',
      version: given.verl,
      place: {
        folder,
        model: given.model,
        data: resolve(given.data),
        url: given.url,
        nodes: given.nodes,
        gpus: given.gpus,
        opening: given.opening,
      },
    })
    console.log(`Written to ${folder}: ${Object.keys(files).join(', ')}`)
    console.log('Other than in paper or release (*), or in need of a word; values.md has every value')
    const rows = recipeDifferences(settings)
      .filter(({ isDifferent, note }) => isDifferent || note !== '')
      .map(({ isDifferent, key, here, paper, release, note }) => [
        ...[isDifferent ? '*' : '', key, here, paper, release, note],
      ])
    for (const line of indented([['', '', 'here', 'paper', 'release', ''], ...rows])) console.log(line)
  },
}
