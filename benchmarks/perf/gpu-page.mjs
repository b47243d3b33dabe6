import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { cutWords, stepsTable } from './grpo-page.mjs'
import { torchFigures } from './torch-table.mjs'

const MEASURED = ['3b-lora', '3b-full', '7b-lora']

/** What the memory of a card delivers, GB/s by its data sheet. */
const MEMORY = { H100: 3350, H200: 4800 }

/** Write what runs of gpu.mjs have measured, each in a folder of its own, as a page of Markdown; parts whose file is missing are left out. The file `notes`, what a reader must know beside it, is its last part. */
export function writeGpuPage({ results, notes, page }) {
  const lines = [
    '# The torch engine on a GPU',
    '',
    'Weights are random and have the published shapes of Qwen2.5-VL: what is written means nothing, what it takes is what any weights take. Nothing of the models that the paper trained has run here.',
    '',
    ...results.flatMap(section),
    ...(notes === undefined
      ? []
      : ['*What follows was written by hand.*', '', readFileSync(notes, 'utf8').trim(), '']),
  ]
  writeFileSync(page, lines.join('\n'))
}

/** One run: a folder, a card, a revision. */
function section(results) {
  const read = (name) => {
    const path = join(results, `${name}.json`)
    return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : null
  }
  const about = read('about')
  if (about?.gpu === undefined)
    throw new Error(`${results}: expected about.json of a run on a GPU; a rehearsal makes no page`)
  const models = MEASURED.flatMap((name) => read(name) ?? [])
  const plain = ['3b', '7b'].flatMap((name) => {
    const [found, ours] = [read(`${name}-plain`), read(`${name}-lora`)]
    return found === null || ours === null ? [] : [{ name, found, ours }]
  })
  return [
    ...opening(about),
    ...agreement(read('agreement')),
    ...writing({ models, about }),
    ...['3b', '7b'].flatMap((name) => steps({ name, found: read(`${name}-steps`) })),
    ...training({ models, about }),
    ...plain.flatMap(peer),
    ...grpo(read('grpo')),
  ]
}

function opening({ date, machine, revision, options, gpu, torch, transformers, matmul }) {
  const [name, driver, memory] = gpu.split(', ')
  const given = Object.entries(options).map(([option, value]) => `--${option} ${value}`)
  return [
    `## ${name}, ${date}`,
    '',
    `    node benchmarks/perf/gpu.mjs ${given.join(' ')}`,
    '',
    `Written from what that command measured on ${date} at revision ${revision}, with the checkpoints and configurations of that revision: ${name} (${memory}), driver ${driver}; ${machine.processor}, ${machine.cores} cores, ${machine.system}, Node ${machine.node}; torch ${torch}, transformers ${transformers}. A product of two random 8192 × 8192 bfloat16 matrices ran at ${tera(matmul)} TFLOP/s; the data sheet promises 989.`,
    '',
  ]
}

function agreement(found) {
  if (found === null) return []
  const { common, engines } = found
  return [
    '### Does it compute the same',
    '',
    `checkpoints/mini/sft, ${common.conversations} boards, ${common.tokens} sampled tokens, one seed; ${common.steps} steps of AdamW at 1e-4 over what \`tfjs\` sampled, all weights trained. The farthest from \`tfjs\` (WebAssembly, float32):`,
    '',
    '| torch on | conversations sampled alike | log-probabilities | losses of the steps | norms of gradients, relative | sampled and scored again |',
    '| --- | --- | --- | --- | --- | --- |',
    ...Object.entries(engines).map(
      ([name, one]) =>
        `| ${[name, `${one.sampledAlike} of ${common.conversations}`, ...[one.logprobs, one.losses, one.gradientNorms, one.rescored].map(small)].join(' | ')} |`,
    ),
    '',
    'The last column: how far the log-probabilities with which the engine itself sampled are from those that it gives the same tokens when they are trained.',
    '',
  ]
}

function writing({ models, about }) {
  if (models.length === 0) return []
  const [, memory] = Object.entries(MEMORY).find(([card]) => about.gpu.includes(card)) ?? []
  return [
    '### Writing',
    '',
    `One picture of 448 × 448 (256 tokens) and 225 to 375 tokens of question each, ${models[0]?.settings.write} tokens written. "All told" holds everything from the first request to the last reply: pictures, prompts, waiting; ${howRead(models)} Adapters are computed beside the weights, not merged. GB/s: the weights of the text model that a step reads${memory === undefined ? '' : `, of the ${count(memory)} that the card's memory delivers by its data sheet`}.`,
    '',
    '| shape | trained | together | tokens/s, all told | tokens/s without prompts | ms a step | GB/s | prompts, tokens/s | share waited for the controller |',
    '| --- | --- | --- | --- | --- | --- | --- | --- | --- |',
    ...models.flatMap((model) =>
      torchFigures(model).sampled.map(
        (one) =>
          `| ${[model.shape, model.train, one.together, count(one.perSecond), count(one.writtenPerSecond), one.stepMilliseconds.toFixed(1), count(one.gigabytesPerSecond), count(one.readPerSecond), percent(one.waited)].join(' | ')} |`,
      ),
    ),
    '',
  ]
}

/** Steps of writing one by one, by which it shows what is paid once. */
function steps({ name, found }) {
  if (found === null) return []
  const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]
  return [
    `#### Step by step, ${name}`,
    '',
    'The sampler alone, in a process of its own, numbers of conversations one after the other from the first step on: the first three steps, the median of all others, and how long the device computes in one of them, by how many kernels.',
    '',
    '| adapters | together | first steps, ms | others, ms | device, ms | kernels | longest |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...found.flatMap(({ train, measured }) =>
      measured.map(
        ({ together, milliseconds, deviceMilliseconds, kernels, longest: [longest] }) =>
          `| ${[train === 'lora' ? 'yes' : 'no', together, milliseconds.slice(0, 3).map(count).join(', '), median(milliseconds.slice(3)).toFixed(1), deviceMilliseconds.toFixed(1), count(kernels), `\`${longest[0].replaceAll('|', ' ')}\`, ${longest[1].toFixed(1)} ms`].join(' | ')} |`,
      ),
    ),
    '',
  ]
}

/** Engines that did not count passes read each prompt alone. */
function howRead(models) {
  const sampled = models.flatMap((model) => model.sampled)
  return sampled.every(({ passes }) => passes === undefined)
    ? 'prompts are read one conversation after the other, while others are being written.'
    : 'prompts that wait are read together, equal ones once, while others are being written.'
}

function training({ models, about }) {
  if (models.length === 0) return []
  return [
    '### Scoring and training',
    '',
    `The ${models[0]?.sequences.length} conversations above, ${count(models[0]?.sequences.reduce((sum, { length }) => sum + length, 0))} tokens, in parts of ${models[0]?.settings['batch-tokens']} padded tokens; bfloat16, float32 copies of what is trained, AdamW, checkpointing on, the vision tower frozen, LoRA of rank 16 on every linear layer of the text model. The best of three steps.`,
    '',
    "MFU: what must be computed over 989 TFLOP/s. A token costs 2 operations a weight forward, 2 on the way back, and 2 more where the weights are trained: 6 (full), 4 (LoRA); causal attention 6 × layers × heads × head size × length² a conversation; the vocabulary for learned tokens alone; the vision tower forward. What checkpointing computes again is not counted. Controller: the share of the step in which the engine's process had nothing to do, by its own clock.",
    '',
    '| shape | trained | scoring, tokens/s | MFU | step, s | tokens/s | MFU | of the measured matrix product | controller | peak of memory, GiB |',
    '| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |',
    ...models.map((model) => {
      const one = torchFigures(model)
      return `| ${[model.shape, `${model.train}, ${(model.facts.trained / 1e6).toFixed(0)} million of ${(model.facts.parameters / 1e6).toFixed(0)}`, count(one.scoredPerSecond), percent(one.scoredUtilisation), one.stepSeconds.toFixed(2), count(one.trainedPerSecond), percent(one.mfu), percent(one.stepFlopsPerSecond / about.matmul), percent(one.controller), (model.peakBytes / 2 ** 30).toFixed(1)].join(' | ')} |`
    }),
    '',
  ]
}

function peer({ name, found, ours }) {
  const where = found.elsewhere === undefined ? 'in the same call' : `on ${found.elsewhere}`
  const figures = torchFigures(ours)
  return [
    `### Beside transformers alone, ${name}`,
    '',
    `The same lengths, pictures of the same size, transformers' \`generate\` (all prompts in one padded batch, no adapters, the second of two identical runs) and a plain PyTorch loop (LoRA, the second step), measured ${where}, its matrix product ${tera(found.matmul)} TFLOP/s.`,
    '',
    '| | engine | transformers alone |',
    '| --- | --- | --- |',
    ...found.generate.map(({ together, seconds, written }) => {
      const own = figures.sampled.find((one) => one.together === together)
      return `| ${together} together, tokens/s, all told | ${count(own.perSecond)} (with adapters) | ${count(written / seconds)} |`
    }),
    `| training step over ${ours.sequences.length} conversations, LoRA | ${figures.stepSeconds.toFixed(2)} s | ${found.steps.at(-1).toFixed(2)} s |`,
    '',
  ]
}

function grpo(found) {
  if (found === null) return []
  const { batch, groupSize, concurrency, reward } = found.settings
  return [
    '### A GRPO step of the mini model',
    '',
    `\`codevision train grpo ${found.config}\` from \`${found.model}\` with the engine on the GPU (all weights, bfloat16): ${batch} prompts × ${groupSize} rollouts, ${concurrency} at the same time, reward \`${reward}\`, calls in the real sandbox. Seconds by the clock; the first step, which ended ${found.endings[0].toFixed(0)} s after the command was given, warms up and is in no mean.${found.steps.length < found.asked ? ` ${cutWords(found)}` : ''}`,
    '',
    ...stepsTable(found),
    ...(found.mean === null
      ? []
      : [
          '',
          `Rollouts wrote ${count(found.mean.tokensPerSecond)} tokens a second, ${count(found.mean.tokensSampled)} a rollout; the step waited for nothing but the sandbox ${percent(found.mean.aloneShare)} of its time.`,
        ]),
    '',
  ]
}

function tera(flops) {
  return (flops / 1e12).toFixed(0)
}

function count(value) {
  return Math.round(value).toLocaleString('en-GB')
}

function percent(value) {
  return value === null ? 'unknown' : `${(100 * value).toFixed(1)} %`
}

function small(value) {
  return value.toExponential(1)
}
