import type { InferredOptionTypes, Options } from 'yargs'
import { VERL_VERSIONS } from '../cluster/recipe/verl-settings.js'
import { lineOf } from './line-of.js'
import { numberOf } from './number-of.js'
import { oneOf } from './one-of.js'
import { urlOf } from './url-of.js'

const VERL = 'With verl:'

/** The options of `codevision cluster recipe`. */
export const RECIPE_OPTIONS = {
  out: { ...lineOf('--out', 'a folder'), describe: 'Folder to write to [default: recipe-<trainer>]' },
  variant: {
    ...oneOf('--variant', ['paper', 'release']),
    default: 'paper' as const,
    describe: 'Whose values, where paper and release differ',
  },
  model: {
    ...lineOf('--model', 'a folder, or a name on the Hugging Face hub'),
    describe:
      'Folder or name of the model [default: with verl Qwen/Qwen3-VL-8B-Thinking, with TRL, which reads no calls of that, Qwen/Qwen3-VL-8B-Instruct]',
  },
  data: {
    ...lineOf('--data', 'a file'),
    describe:
      'Rows: with verl of codevision data export --format verl [default: rl-verl/codevision_rl.parquet], with TRL any that serve env takes [default: rl/rows.parquet]',
  },
  url: { ...urlOf('--url'), default: 'http://127.0.0.1:8000', describe: 'Of codevision serve env' },
  nodes: { ...numberOf('--nodes'), default: 1, describe: 'Machines' },
  gpus: { ...numberOf('--gpus'), default: 8, describe: 'GPUs of each' },
  verl: {
    type: 'string',
    ...oneOf('--verl', VERL_VERSIONS),
    describe: `Version of it [default: ${VERL_VERSIONS[0]}]`,
    group: VERL,
  },
  val: {
    ...lineOf('--val', 'a file'),
    describe: 'Rows to validate with, before the first step and after each 20 [default: none]',
    group: VERL,
  },
  opening: {
    type: 'string',
    requiresArg: true,
    describe:
      "What the model's chat template begins each of its turns with [default: '<think>\\n' for a model whose name says Thinking, else nothing]",
    group: VERL,
  },
} satisfies Record<string, Options>

/** What has no meaning for TRL. */
export const VERL_ONLY_OPTIONS = [
  'verl',
  'val',
  'opening',
] as const satisfies readonly (keyof typeof RECIPE_OPTIONS)[]

export type RecipeArguments = InferredOptionTypes<typeof RECIPE_OPTIONS> & { trainer: 'verl' | 'trl' }
