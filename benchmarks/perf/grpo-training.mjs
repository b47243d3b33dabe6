// A training of some steps by the command, as a process of its own, whose figures are gathered step by step: what it has measured when it is ended is not lost.
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const POLL_MS = 250
/** What a training that is told to end has for it; then it is killed. */
const GRACE_MS = 20_000

/**
 * Run `codevision` with these arguments; what it tells goes to the terminal. `onSteps` is called with the figures of all steps so far whenever one has ended, and with the seconds from the start to the end of each.
 * `seconds` after the start, or where this process is told to end, the training is ended. Returns `complete` or `cut`. Throws where it failed by itself.
 */
export async function runTraining({ args, metrics, seconds = Infinity, onSteps }) {
  const program = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))
  const began = performance.now()
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'ignore', 'inherit'] })
  const ended = new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => resolve(code ?? signal))
  })
  let isCut = false
  const cut = () => {
    if (isCut) return
    isCut = true
    void end(child)
  }
  const deadline = Number.isFinite(seconds) ? setTimeout(cut, seconds * 1000) : undefined
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, cut)
  const endings = []
  const look = () => {
    const figures = finishedSteps(metrics)
    if (figures.length === endings.length) return
    while (endings.length < figures.length) endings.push((performance.now() - began) / 1000)
    onSteps({ figures, endings })
  }
  const polling = setInterval(look, POLL_MS)
  try {
    const code = await ended
    look()
    if (code === 0) return 'complete'
    if (isCut) return 'cut'
    throw new Error(`codevision ${args.join(' ')} ended with ${code}`)
  } finally {
    clearInterval(polling)
    clearTimeout(deadline)
    for (const signal of ['SIGINT', 'SIGTERM']) process.off(signal, cut)
  }
}

/** The first signal would let it take the step to its end; the second one ends it. */
async function end(child) {
  child.kill('SIGTERM')
  await sleep(500)
  child.kill('SIGTERM')
  await sleep(GRACE_MS, undefined, { ref: false })
  child.kill('SIGKILL')
}

/** Figures of the steps of a metrics.jsonl, without a line that is still being written and those of evaluations. */
function finishedSteps(path) {
  if (!existsSync(path)) return []
  const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1)
  return lines
    .map((line) => JSON.parse(line).figures)
    .filter((figures) => figures['seconds/step'] !== undefined)
}
