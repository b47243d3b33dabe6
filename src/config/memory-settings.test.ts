import { expect, test } from '@jest/globals'
import { TFJS_MEMORY, TORCH_MEMORY, trainingMemory, type MemorySettings } from './memory-settings.js'
import { evaluationSchema } from './evaluation-schema.js'
import { grpoSchema, sftSchema } from './training-schema.js'

const GRPO = { data: 'rows.jsonl', model: { path: 'base' } }
const tfjs = grpoSchema.parse({ ...GRPO, model: { ...GRPO.model, kind: 'tfjs' } })
const torch = grpoSchema.parse({ ...GRPO, model: { ...GRPO.model, kind: 'torch' } })

/** Those of a configuration's settings, as it spells them, without options of the command line. */
function namesOf({ atOnce, images, turnTokens, adapters }: MemorySettings): string[] {
  return [...atOnce, images, turnTokens, adapters]
    .flatMap((names) => names?.split(', ') ?? [])
    .map((name) => name.replace(/: .*/, ''))
    .filter((name) => !name.startsWith('--'))
}

/** Whether a schema takes the setting: an unknown key is refused as one. */
function knows(
  schema: { safeParse(value: unknown): { error?: { issues: readonly { code: string }[] } | undefined } },
  given: Record<string, unknown>,
  name: string,
): boolean {
  const [first = '', second] = name.split('.')
  const inner = second === undefined ? 1 : { ...(given[first] as object), [second]: 1 }
  const { error } = schema.safeParse({ ...given, [first]: inner })
  return error?.issues.every(({ code }) => code !== 'unrecognized_keys') ?? true
}

test('each setting that is named to lower is one of the configuration that was given', () => {
  for (const { model } of [tfjs, torch]) {
    const given = { ...GRPO, model: { path: 'base', kind: model.kind } }
    for (const name of namesOf(trainingMemory({ model, isSampled: true })))
      expect([name, knows(grpoSchema, given, name)]).toEqual([name, true])
    for (const name of namesOf(trainingMemory({ model, isSampled: false })))
      expect([name, knows(sftSchema, given, name)]).toEqual([name, true])
  }
  for (const [kind, memory] of [['tfjs', TFJS_MEMORY] as const, ['torch', TORCH_MEMORY] as const])
    for (const name of namesOf(memory))
      expect([name, knows(evaluationSchema, { policy: { kind, model: 'base' } }, name)]).toEqual([name, true])
})

test('a training names what it samples by only where it samples, and its engine writes the turns', () => {
  expect(trainingMemory({ model: torch.model, isSampled: true })).toEqual({
    ...{ atOnce: ['model.batchTokens', 'training.concurrency'], images: 'agent.maxPixels' },
    ...{ turnTokens: 'agent.tokensPerTurn', adapters: 'model.train: lora' },
  })
  expect(trainingMemory({ model: torch.model, isSampled: false })).toEqual({
    ...{ atOnce: ['model.batchTokens'], images: 'maxPixels' },
    ...{ turnTokens: null, adapters: 'model.train: lora' },
  })
  const vllm = { ...torch.model, vllm: { url: 'http://localhost:8000' } }
  expect(trainingMemory({ model: vllm as typeof torch.model, isSampled: true }).atOnce).toEqual([
    'model.batchTokens',
  ])
})
