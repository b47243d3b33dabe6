import type { Json } from '../store/manifest.js'

/** Settings that change how fast a training is or what it leaves behind, but not what it learns. */
const FREE = new Set([
  ...[
    'concurrency',
    'keepSamples',
    'checkpoints',
    'output',
    'name',
    'backend',
    'tokensPerPart',
    'retries',
    'batchTokens',
    'checkpointing',
    'device',
    'vllm',
  ],
  ...['deadlineSeconds', 'evaluation', 'heldOut'],
  // Told by their contents: a folder may be moved.
  ...['data', 'path', 'suite', 'toolDescription'],
  // Told by what they make of it.
  ...['sandbox', 'agent', 'judge'],
])

/** Of a configuration, what decides what a training learns, as plain values: what a training that goes on must share with how it began. */
export function lastingSettings(config: object): Json {
  return withoutFree(JSON.parse(JSON.stringify(config)) as Json)
}

/** At every level. */
function withoutFree(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutFree)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !FREE.has(name))
      .map(([name, inner]) => [name, withoutFree(inner)]),
  )
}
