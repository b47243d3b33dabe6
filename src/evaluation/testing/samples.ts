import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from '@jest/globals'
import type { Sample, Score } from '../../core/sample.js'
import type { Trajectory } from '../../core/trajectory.js'
import type { Json } from '../../store/manifest.js'
import { openRun } from '../../store/open-run.js'

/** A scored sample of a run, right unless said otherwise; `name` makes its key. */
export function testSample({
  name,
  score = {},
  ...changes
}: Partial<Omit<Sample, 'scores'>> & { name: string; score?: Partial<Score> }): Sample {
  const outcome = changes.outcome ?? 'correct'
  const epoch = changes.epoch ?? 0
  return {
    key: `${name}#${epoch}`,
    taskId: name,
    epoch,
    suite: 'small',
    transform: 'none',
    question: `What is ${name}?`,
    answers: [name],
    requiredTools: null,
    box: null,
    trajectory: trajectoryOf({ answer: score.answer ?? name }),
    scores: {
      strict: {
        ...{ profile: 'strict', answer: name, correct: outcome === 'correct', rule: 'equal', judge: null },
        ...score,
      },
    },
    reward: null,
    error: null,
    timings: { totalMs: 0, modelMs: 0, sandboxMs: 0, judgeMs: 0 },
    attempts: 1,
    ...changes,
    outcome,
  }
}

/** A trajectory of one turn that gives an answer. */
export function trajectoryOf({ answer }: { answer: string }): Trajectory {
  const text = `<think>I see.</think><answer>${answer}</answer>`
  return {
    messages: [
      { role: 'user', content: [{ type: 'text', text: 'What?' }] },
      { role: 'assistant', content: [{ type: 'text', text }] },
    ],
    images: [],
    calls: [],
    turns: 1,
    malformedCalls: 0,
    stop: 'answer',
    usage: { promptTokens: 10, completionTokens: 5 },
  }
}

const folders: string[] = []
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))))

/** Write a run folder with samples, in a folder of its own that goes with the test file; gives its path. */
export async function writeTestRun({
  samples,
  identity = {},
  config = {},
  head = {},
}: {
  samples: readonly Sample[]
  identity?: Record<string, Json>
  config?: Record<string, Json>
  head?: Record<string, Json>
}): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'codevision-run-'))
  folders.push(folder)
  const path = join(folder, 'run')
  const run = await openRun({
    path,
    mode: 'create',
    manifest: {
      identity: {
        head: {
          ...{ suite: 'small', policy: { name: 'openai', model: 'm' }, scoring: 'strict', judge: 'none' },
          ...{ epochs: 1, planned: samples.length },
          ...head,
        },
        dataset: { sha256: 'd'.repeat(64), rows: samples.length, selection: null },
        ...identity,
      },
      config,
      environment: {},
    },
  })
  for (const sample of samples) await run.append(sample)
  await run.close()
  return path
}
