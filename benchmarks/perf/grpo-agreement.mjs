// The two engines on one checkpoint: what they sample at one seed, the log-probabilities of what was sampled, the losses and the norms of the gradients of a few steps.
import sharp from 'sharp'
import { torchProcessEnvironment } from '../../dist/config/torch-environment.js'
import { loadSuite } from '../../dist/data/load-suite.js'
import { openTrainableTfjsPolicy } from '../../dist/policies/tfjs/open-trainable-tfjs-policy.js'
import { openTorchPolicy } from '../../dist/policies/torch/open-torch-policy.js'
import { findTorchEnvironment } from '../../dist/setup/torch-environment.js'
import { torchPython } from '../../dist/wiring.js'

const CONVERSATIONS = 16
const TURN_TOKENS = 64
const STEPS = 5
const SIDE = 128

/** How the torch engine is opened beside tfjs. */
const CPU = { device: 'cpu', dtype: 'float32' }

/** Of the torch engine as it is asked to compute with tfjs in float32. Null where the torch engine is not installed. */
export async function measureAgreement({ directory, rows }) {
  const all = await measureAgreements({ directory, rows, devices: { torch: CPU } })
  return all === null ? null : { ...all.common, ...all.engines.torch }
}

/** The same for several devices and precisions by name, each held against tfjs. */
export async function measureAgreements({ directory, rows, devices }) {
  if ((await findTorchEnvironment()) === null) {
    console.error('without agreement of the engines: codevision setup python --torch')
    return null
  }
  const questions = await questionsOf(rows)
  const common = { directory, temperature: 1, topP: 1, topK: 0, seed: 1, places: CONVERSATIONS }
  const open = {
    tfjs: () => openTrainableTfjsPolicy(common),
    ...Object.fromEntries(
      Object.entries(devices).map(([name, computed]) => [name, () => openTorch({ ...common, ...computed })]),
    ),
  }
  const measured = {}
  // What tfjs sampled is what all score and learn from.
  let shared
  for (const [name, opened] of Object.entries(open)) {
    const policy = await opened()
    try {
      const own = await sample({ policy, questions })
      shared ??= own
      const rescored = await rescore({ policy, rollouts: own })
      measured[name] = { ids: own.map(idsOf), rescored, ...(await learn({ policy, rollouts: shared })) }
    } finally {
      await policy.close()
    }
  }
  const { tfjs, ...others } = measured
  return {
    common: {
      conversations: CONVERSATIONS,
      tokens: tfjs.ids.flat().length,
      steps: STEPS,
      losses: tfjs.losses,
    },
    engines: Object.fromEntries(
      Object.entries(others).map(([name, torch]) => [name, { ...apart({ tfjs, torch }), own: torch.losses }]),
    ),
  }
}

async function openTorch(settings) {
  return openTorchPolicy({
    ...{ python: await torchPython(), environment: torchProcessEnvironment() },
    ...{ ...settings, train: 'full', freezeVision: false },
  })
}

/** The farthest that two engines are from each other. */
function apart({ tfjs, torch }) {
  const isAlike = tfjs.ids.map((ids, at) => JSON.stringify(ids) === JSON.stringify(torch.ids[at]))
  return {
    sampledAlike: isAlike.filter(Boolean).length,
    rescored: torch.rescored,
    logprobs: most(tfjs.logprobs.flat().map((value, at) => Math.abs(value - torch.logprobs.flat()[at]))),
    losses: most(tfjs.losses.map((value, at) => Math.abs(value - torch.losses[at]))),
    gradientNorms: most(
      tfjs.norms.map((value, at) => Math.abs(value - torch.norms[at]) / Math.abs(torch.norms[at])),
    ),
  }
}

async function questionsOf(rows) {
  const suite = await loadSuite({ suite: rows })
  const questions = []
  for await (const { task } of suite.tasks({ isWanted: (index) => index < CONVERSATIONS })) {
    const source = await task.images[0].read()
    const bytes = await sharp(source).resize(SIDE, SIDE, { fit: 'fill' }).png().toBuffer()
    const image = {
      sha256: task.key,
      width: SIDE,
      height: SIDE,
      mediaType: 'image/png',
      read: async () => bytes,
    }
    questions.push({ key: task.key, text: task.question, image })
  }
  return questions
}

function sample({ policy, questions }) {
  return Promise.all(
    questions.map(async ({ key, text, image }) => {
      const content = [
        { type: 'image', index: 0, image },
        { type: 'text', text },
      ]
      await policy.next({
        ...{ messages: [{ role: 'user', content }], tools: [], sample: { key, epoch: 0 }, turn: 0 },
        ...{ maxTokens: TURN_TOKENS, signal: new AbortController().signal },
      })
      const { segments } = policy.ledgerOf({ key, epoch: 0 })
      return { ledger: { segments: [...segments] }, images: new Map([[image.sha256, image.read]]) }
    }),
  )
}

/** How far the log-probabilities with which an engine sampled are from those that it gives the same tokens when they are trained. */
async function rescore({ policy, rollouts }) {
  const scored = (await policy.logprobs({ rollouts, temperature: 1 })).flatMap((own) => [...own])
  const sampled = rollouts.flatMap(({ ledger }) =>
    ledger.segments.flatMap(({ logprobs, mask }) => logprobs.filter((_, at) => mask[at] === 1)),
  )
  return most(scored.map((value, at) => Math.abs(value - sampled[at])))
}

/** Cross-entropy of the sampled tokens over some steps. */
async function learn({ policy, rollouts }) {
  const logprobs = (await policy.logprobs({ rollouts, temperature: 1 })).map((own) => [...own])
  const count = logprobs.flat().length
  const [losses, norms] = [[], []]
  for (let step = 0; step < STEPS; step++) {
    let loss = 0
    const { gradientNorm } = await policy.step({
      ...{ rollouts, temperature: 1, learningRate: 1e-4, maxGradientNorm: 1 },
      gradient: ({ logprobs: given }) => {
        for (const value of given.flatMap((own) => [...own])) loss -= value / count
        return given.map((own) => new Float64Array(own.length).fill(-1 / count))
      },
    })
    losses.push(loss)
    norms.push(gradientNorm)
  }
  return { logprobs, losses, norms }
}

function idsOf({ ledger }) {
  return ledger.segments.flatMap(({ ids, mask }) => [...ids].filter((_, at) => mask[at] === 1))
}

function most(values) {
  return values.reduce((largest, value) => Math.max(largest, value), 0)
}
