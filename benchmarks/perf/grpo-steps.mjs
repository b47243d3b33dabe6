// Figures of some steps as a benchmark tells them.

/** What a step consists of, by the clock; together they are the whole step. */
export const PARTS = ['rollout', 'sandbox', 'reward', 'train', 'rest']

/** `figures` of metrics.jsonl, step by step; means leave the first step out, and are null where there is no other. */
export function summarizeSteps({ figures, concurrency, rollouts }) {
  const places = Math.min(concurrency, rollouts)
  const steps = figures.map((of) => ({
    ...partsOf(of),
    step: of['seconds/step'],
    busyShare: of['seconds/sandboxBusy'] / of['seconds/step'],
    aloneShare: of['seconds/sandboxAlone'] / of['seconds/step'],
    // Of the time that all places of a step have together, rollouts only.
    waitingShare: of['seconds/sandbox'] / (of['seconds/rollout'] * places),
    trajectoriesPerSecond: of['rollouts/ended'] / of['seconds/rollout'],
    tokensPerSecond: of['tokens/perSecond'],
    tokensSampled: of['tokens/sampled'],
    toolCalls: of.toolCalls,
    toolErrorRate: of.toolErrorRate ?? 0,
    accuracy: of.accuracy,
    ended: of['rollouts/ended'],
    failed: of['rollouts/failed'] + of['rollouts/stragglers'],
  }))
  const warm = steps.slice(1)
  const meanOf = (name) => warm.reduce((sum, step) => sum + step[name], 0) / warm.length
  const names = Object.keys(steps[0])
  return {
    steps,
    mean: warm.length === 0 ? null : Object.fromEntries(names.map((name) => [name, meanOf(name)])),
  }
}

/** Rollouts without the time in which nothing but the sandbox is waited for, which is told by itself. */
function partsOf(of) {
  const sandbox = of['seconds/sandboxAlone']
  const [rollout, reward, train] = ['rollout', 'reward', 'train'].map((name) => of[`seconds/${name}`])
  return {
    ...{ rollout: rollout - sandbox, sandbox, reward, train },
    rest: of['seconds/step'] - rollout - reward - train,
  }
}
