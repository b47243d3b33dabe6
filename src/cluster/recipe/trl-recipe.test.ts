import { expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { trlRecipe } from './trl-recipe.js'

const place = {
  ...{ folder: '/out', model: '/runs/sft/policy', data: '/rows.parquet', url: 'http://env:8000' },
  ...{ nodes: 2, gpus: 8 },
}
const grpo = (variant: 'paper' | 'release', changes: Partial<typeof place> = {}) =>
  parse(
    trlRecipe({ variant, place: { ...place, ...changes }, packageFolder: '/package' }).files['grpo.yaml'] ??
      '',
  )

test('an update takes the rollouts of 32 prompts, whatever the number of GPUs', () => {
  for (const gpus of [1, 4, 8]) {
    const { per_device_train_batch_size: each, gradient_accumulation_steps: times } = grpo('paper', {
      gpus,
    }).grpo
    expect(each * times * gpus * 2).toBe(32 * 8)
  }
})

test('paper and release differ in passes and in what a mean is', () => {
  expect(grpo('paper')).toMatchObject({
    url: 'http://env:8000',
    grpo: { num_train_epochs: 2, loss_type: 'dapo', delta: 10 },
  })
  expect(grpo('release').grpo).toMatchObject({ num_train_epochs: 1, loss_type: 'grpo' })
})
