import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from '@jest/globals'
import sharp from 'sharp'
import type { ImageRecord } from '../../../core/image.js'
import type { Message } from '../../../core/message.js'
import type { Sample } from '../../../core/sample.js'
import type { Json } from '../../../store/manifest.js'
import { openRun } from '../../../store/open-run.js'
import type { Run } from '../../../store/run.js'

const folders: string[] = []
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))))

/** A folder of its own that goes with the test file. */
export async function testFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'codevision-training-'))
  folders.push(folder)
  return folder
}

/** A run whose samples look at a picture (shown reduced), crop it, fail once and answer; gives its path. */
export async function runWithImages({
  samples,
  config = {},
}: {
  samples: readonly (Partial<Sample> & { name: string; messages?: Message<ImageRecord>[] })[]
  config?: Record<string, Json>
}): Promise<string> {
  const path = join(await testFolder(), 'run')
  const run = await openRun({ path, mode: 'create', manifest: { identity: {}, config, environment: {} } })
  for (const [at, { name, messages, ...changes }] of samples.entries()) {
    // A name has one picture.
    const colour = { r: (name.charCodeAt(0) * 7) % 256, g: 90, b: 160 }
    const full = await picture({ run, width: 320, height: 200, colour })
    const view = await picture({ run, width: 80, height: 50, colour })
    const crop = await picture({ run, width: 60, height: 40, colour })
    await run.append({
      key: `${name}#0`,
      taskId: name,
      epoch: 0,
      suite: 'small',
      transform: 'rotate_90',
      question: `What is ${name}?`,
      answers: [name, name.toUpperCase()],
      requiredTools: ['rotate_270', 'crop'],
      box: [10, 20, 70, 60],
      outcome: 'correct',
      metadata: { index: at, dataset_name: 'drawn' },
      trajectory: {
        messages: messages ?? conversation({ name, view, crop }),
        images: [
          { ...full, call: null, view },
          { ...crop, call: 0, view: crop },
        ],
        calls: [],
        turns: 3,
        malformedCalls: 0,
        stop: 'answer',
        usage: { promptTokens: 10, completionTokens: 5 },
      },
      scores: {},
      reward: null,
      error: null,
      timings: { totalMs: 0, modelMs: 0, sandboxMs: 0, judgeMs: 0 },
      attempts: 1,
      ...changes,
    })
  }
  await run.close()
  return path
}

function conversation({
  name,
  view,
  crop,
}: {
  name: string
  view: ImageRecord
  crop: ImageRecord
}): Message<ImageRecord>[] {
  const text = (value: string) => ({ type: 'text' as const, text: value })
  const image = (index: number, record: ImageRecord) => ({ type: 'image' as const, index, image: record })
  return [
    { role: 'system', content: [text('Look before you answer.\nImage 0: 320 × 200 pixels.')] },
    { role: 'user', content: [image(0, view), text(`What is ${name}?`)] },
    {
      role: 'assistant',
      content: [text('<think>Small.</think>\n<tool_call>{"name": "code_image_tool"}</tool_call>')],
    },
    { role: 'tool', content: [image(1, crop), text('Image 1 (60 × 40 pixels) is the result.')] },
    {
      role: 'assistant',
      content: [text('<think>Again.</think>\n<tool_call>{"name": "code_image_tool"}</tool_call>')],
    },
    {
      role: 'tool',
      content: [text("The code failed (runtime): NameError: name 'x' is not defined\nNo image was added.")],
    },
    { role: 'assistant', content: [text(`<think>I see — “é”.</think>\n<answer>${name}</answer>`)] },
  ]
}

async function picture({
  run,
  width,
  height,
  colour,
}: {
  run: Run
  width: number
  height: number
  colour: { r: number; g: number; b: number }
}): Promise<ImageRecord> {
  const png = await sharp({ create: { width, height, channels: 3, background: colour } })
    .png()
    .toBuffer()
  const sha256 = createHash('sha256').update(png).digest('hex')
  await run.images.put({ sha256, png: () => Promise.resolve(png) })
  return { sha256, width, height }
}
