import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { loadEpisodeConfig } from '../../config/episode-config.js'
import { packageDirectory } from '../../setup/package-paths.js'
import { environmentFile } from './environment-file.js'
import { recipeDifferences } from './recipe-differences.js'
import type { RecipePlace, VerlChoices } from './recipe-setting.js'
import { verlRecipe } from './verl-recipe.js'

const place = {
  ...{ folder: '/out', model: '/runs/sft/policy', data: '/rows.parquet', url: 'http://env:8000' },
  ...{ nodes: 2, gpus: 8 },
}
const recipe = (
  variant: 'paper' | 'release',
  changes: Partial<RecipePlace & VerlChoices> = {},
): ReturnType<typeof verlRecipe> =>
  verlRecipe({
    ...{ variant, version: '0.9', packageFolder: '/package' },
    place: { ...place, ...changes },
    choices: { validation: null, opening: null, ...changes },
  })

test('the tool file tells verl class, address and schema, in the fields that it has room for', () => {
  const [tool] = parse(recipe('paper').files['tool.yaml'] ?? '').tools
  expect(tool).toMatchObject({
    class_name: 'codevision_env.verl_tool.CodeImageTool',
    config: { type: 'native', url: 'http://env:8000' },
    tool_schema: {
      function: { name: 'code_image_tool', parameters: { required: ['code', 'description', 'image_index'] } },
    },
  })
  expect(Object.keys(tool.tool_schema.function.parameters.properties.image_index)).toEqual([
    'type',
    'description',
  ])
})

test('paper and release differ in passes and in what a mean over tokens is', () => {
  const lines = (variant: 'paper' | 'release') => (recipe(variant).files['overrides.txt'] ?? '').split('\n')
  const own = lines('paper').filter((line) => !lines('release').includes(line))
  expect(own).toEqual([
    'actor_rollout_ref.actor.loss_agg_mode=token-mean',
    'trainer.total_epochs=2',
    'trainer.experiment_name=grpo-paper',
  ])
  expect(lines('release')).toContain('actor_rollout_ref.actor.loss_agg_mode=seq-mean-token-mean')
})

test('each override is one line, also what a template begins turns with', () => {
  const { files, settings } = recipe('paper', { opening: '<think>\\n' })
  const lines = (files['overrides.txt'] ?? '').trimEnd().split('\n')
  expect(lines).toHaveLength(settings.length)
  expect(lines).toContain("+reward.custom_reward_function.reward_kwargs.opening='<think>\\n'")
})

test("values other than the variant's, or where it is silent than the other's, are marked", () => {
  const marked = (variant: 'paper' | 'release') =>
    recipeDifferences({
      settings: recipe(variant, { nodes: 1, validation: '/held.parquet' }).settings,
      variant,
    })
      .filter(({ isDifferent }) => isDifferent)
      .map(({ key, here }) => [key, here])
  expect(marked('paper')).toEqual([
    ['trainer.save_freq', '100'],
    ['trainer.nnodes', '1'],
  ])
  expect(marked('release')).toEqual([
    ['actor_rollout_ref.actor.loss_agg_mode', 'seq-mean-token-mean'],
    ['trainer.save_freq', '100'],
    ['trainer.nnodes', '1'],
  ])
})

test('without rows held out nothing is validated; with them, before the first step and after each 20', () => {
  const validation = (changes: Partial<VerlChoices>) =>
    (recipe('paper', changes).files['overrides.txt'] ?? '')
      .split('\n')
      .filter((line) => /val_files|val_before|test_freq/.test(line))
  expect(validation({})).toEqual([
    'data.val_files=/rows.parquet',
    'trainer.val_before_train=False',
    'trainer.test_freq=-1',
  ])
  expect(validation({ validation: '/held.parquet' })).toEqual([
    'data.val_files=/held.parquet',
    'trainer.val_before_train=True',
    'trainer.test_freq=20',
  ])
})

test('the configuration of the service is one, with the views and turns of the release', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'codevision-recipe-'))
  try {
    for (const variant of ['paper', 'release'] as const) {
      const path = join(folder, `${variant}.yaml`)
      await writeFile(path, environmentFile({ variant, packageFolder: packageDirectory() }))
      const config = await loadEpisodeConfig({ path, overrides: { data: 'rows.parquet' } })
      expect(config.reward.variant).toBe(variant)
      expect(config.agent).toMatchObject({ turns: 12, maxPixels: 8192 * 784 })
    }
  } finally {
    await rm(folder, { recursive: true })
  }
})
