import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { loadToolDescription } from '../agent/load-prompt.js'
import { loadEvaluationConfig } from '../config/evaluation-config.js'
import { UsageError } from '../core/errors.js'
import { importRecipe } from './import-recipe.js'
import { PLACES } from './recipe-places.js'
import { writeCheckout } from './testing/checkout.js'

async function imported(changes: Parameters<typeof writeCheckout>[0] = {}) {
  const folder = await writeCheckout(changes)
  const out = join(folder, 'out')
  const result = await importRecipe({ folder, out })
  return { ...result, out, read: (name: string) => readFile(join(out, name), 'utf8') }
}

test('a checkout becomes an evaluation of this project, with its prompt, tool, limits, judge and reward', async () => {
  const { out, missing, read } = await imported()
  expect(missing).toEqual([])
  const config = await loadEvaluationConfig({ path: join(out, 'eval.yaml'), environment: {} })
  expect(config).toMatchObject({
    suite: 'mvtoolbench',
    policy: { kind: 'openai', model: 'Org/Trained-8B', toolFormat: 'hermes' },
    judge: { model: 'Org/Judge-32B', reading: 'codevision' },
    sandbox: { profile: 'release' },
    agent: {
      ...{ parsing: 'hermes', feedback: 'release', turns: 9, tokensPerTurn: 8192, totalTokens: 12288 },
      ...{ maxPixels: 78400, systemPrompt: join(out, 'system-prompt.txt') },
    },
    // What the scripts do not say is as here.
    reward: { variant: 'release', weights: { alpha: 1.5, beta: 0, gamma: 0.5, format: 0.1, emerge: 0.2 } },
  })
  expect(await loadToolDescription({ path: config.agent.toolDescription ?? '' })).toMatchObject({
    name: 'code_image_tool',
    parameters: { properties: { image_index: { minimum: 0 } } },
  })
  expect(await read('chat-template.jinja')).toContain('for tool in tools')
})

test('the prompt tells of the tool as the chat template does, with what verl keeps of its parameters', async () => {
  const { read } = await imported()
  expect(await read('system-prompt.txt')).toBe(
    [
      'Look at the picture before you answer.',
      '',
      'Your tools:',
      '<tools>',
      '{"type": "function", "function": {"name": "code_image_tool", "description": "Runs code – over a picture.", "parameters": {"type": "object", "properties": {"code": {"type": "string", "description": "What to run."}, "image_index": {"type": "integer", "description": "Which picture."}}, "required": ["code"]}}}',
      '</tools>',
      'Say "which".',
    ].join('\n'),
  )
})

test('values of both trainings are written under our names, and every setting of the script as it stands', async () => {
  const { read } = await imported()
  expect(parse(await read('grpo.yaml'))).toMatchObject({
    ...{ model: 'Org/Start-8B', promptsPerStep: 32, rolloutsPerPrompt: 4, learningRate: 2e-6, turns: 9 },
    rewardWeights: { alpha: 1.5, format: 0.1 },
    settings: { 'data.max_response_length': 8192, 'data.max_image_resolution': 78400 },
  })
  expect(parse(await read('sft-qwen3-vl.yaml'))).toEqual({ learning_rate: 2e-5, num_train_epochs: 2 })
})

test('each value stands beside what holds here and what the paper says', async () => {
  const { values } = await imported()
  const value = (name: string) => values.find((one) => one.name === name)
  expect(value('RL turns')).toEqual({
    name: 'RL turns',
    recipe: '9',
    here: '12',
    paper: null,
    isDifferent: true,
  })
  expect(value('RL learningRate')).toMatchObject({ recipe: '0.000002', paper: '0.000001', isDifferent: true })
  expect(value('reward format')).toMatchObject({ recipe: '0.1', here: '0.1', isDifferent: false })
  expect(value('SFT epochs')).toMatchObject({ recipe: '2', paper: '2', isDifferent: false })
  expect(value('SFT learningRate (qwen3-vl)')).toMatchObject({ recipe: '0.00002', paper: '0.000005' })
})

test('what is missing, or of another form, is told with its place; the rest is imported and can be loaded', async () => {
  const { out, missing } = await imported({
    [PLACES.systemPrompt]: null,
    [PLACES.trainer]: 'actor_rollout_ref: {}',
    [PLACES.evaluation]: 'echo nothing',
    [PLACES.readme]: '# Recipe',
    [PLACES.sft['qwen3-vl']]: 'a: [',
  })
  expect(missing).toEqual([
    { what: 'system prompt', place: PLACES.systemPrompt, why: 'no such file' },
    {
      ...{ what: 'chat template', place: PLACES.trainer },
      why: 'expected actor_rollout_ref.model.custom_chat_template, got none',
    },
    {
      ...{ what: 'tool in the prompt', place: PLACES.trainer },
      why: 'it takes the tool description and the chat template',
    },
    {
      ...{ what: 'evaluation script', place: PLACES.evaluation },
      why: 'expected a script that passes settings on (key.key=value), got none',
    },
    {
      ...{ what: 'judge', place: PLACES.readme },
      why: 'expected a command that serves the judge (vllm serve MODEL), got none',
    },
    { what: 'SFT of qwen3-vl', place: PLACES.sft['qwen3-vl'], why: expect.stringContaining('line 1') },
  ])
  expect((await readdir(out)).sort()).toEqual([
    'eval.yaml',
    'grpo.yaml',
    'sft-qwen2.5-vl.yaml',
    'tool-description.json',
  ])
  const config = await loadEvaluationConfig({
    path: join(out, 'eval.yaml'),
    overrides: { suite: 'mini', judge: 'none' },
    environment: {},
  })
  expect(config.policy).toMatchObject({ model: 'Org/Start-8B', toolFormat: 'hermes' })
  expect(config.agent.systemPrompt).toBeUndefined()
})

test('where the template cannot be read, the server has to tell of the tool', async () => {
  const { out, read } = await imported({ [PLACES.trainer]: null })
  const config = await loadEvaluationConfig({ path: join(out, 'eval.yaml'), environment: {} })
  expect(config.policy).toMatchObject({ toolFormat: 'native' })
  expect(await read('system-prompt.txt')).toBe('Look at the picture before you answer.')
})

test('a folder with nothing of the recipe in it is refused, with what was looked for', async () => {
  const folder = await writeCheckout({
    ...Object.fromEntries([PLACES.systemPrompt, PLACES.tool, PLACES.trainer].map((place) => [place, null])),
    ...{ [PLACES.training]: null, [PLACES.evaluation]: null },
  })
  const error: unknown = await importRecipe({ folder, out: join(folder, 'out') }).catch(
    (cause: unknown) => cause,
  )
  expect(error).toBeInstanceOf(UsageError)
  expect((error as UsageError).message).toMatch(
    /expected a checkout of the official recipe .*commit e098588.* found nothing of it:\n {2}recipe\/codevision\/config\/sp\.txt: no such file/,
  )
})
