import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import sharp from 'sharp'
import type { EncodedImage } from '../../core/image.js'
import { textOf, type Message } from '../../core/message.js'
import type { Policy, ToolDescription } from '../../core/policy.js'
import { generateDemoSuite, type DemoRow } from '../../data/demo/generate-demo-suite.js'
import { createTesseractPolicy } from './tesseract-policy.js'
import { runFakeCode } from './testing/fake-code-runner.js'

const TOOL: ToolDescription = {
  name: 'code_image_tool',
  description: 'Run Python over an image.',
  parameters: {},
}
/** Pixels of a view: less than the drawn image has, so that cropping helps. */
const VIEW_PIXELS = 300_000

let policy: Policy
let rows: DemoRow[]

beforeAll(async () => {
  policy = createTesseractPolicy({ workers: 1 })
  await policy.check?.()
  rows = []
  for await (const row of generateDemoSuite({ rows: 18, seed: 'policy' })) rows.push(row)
})
afterAll(() => policy.close?.())

/** The first row with this orientation. */
function rowWith(
  applied: DemoRow['applied'],
  kind: DemoRow['kind'],
): { question: string; answer: string; image: Buffer } {
  const row = rows.find((candidate) => candidate.applied === applied && candidate.kind === kind)
  const bytes = row?.images[0]?.bytes
  if (!row || !bytes) throw new Error(`The suite has no row ${kind} with ${applied}.`)
  return { question: row.question, answer: row.answer, image: Buffer.from(bytes) }
}

async function viewOf(image: Buffer): Promise<EncodedImage> {
  const { width, height } = await sharp(image).metadata()
  const scale = Math.min(1, Math.sqrt(VIEW_PIXELS / (width * height)))
  const view = await sharp(image)
    .resize({ width: Math.floor(width * scale) })
    .png()
    .toBuffer({ resolveWithObject: true })
  return {
    sha256: createHash('sha256').update(view.data).digest('hex'),
    width: view.info.width,
    height: view.info.height,
    mediaType: 'image/png',
    read: () => Promise.resolve(view.data),
  }
}

async function opening({ image, question }: { image: Buffer; question: string }): Promise<Message[]> {
  const shown = { type: 'image' as const, index: 0, image: await viewOf(image) }
  return [{ role: 'user', content: [shown, { type: 'text', text: question }] }]
}

function ask(
  messages: readonly Message[],
  { tools = [TOOL], signal }: { tools?: ToolDescription[]; signal?: AbortSignal } = {},
) {
  const turn = messages.filter((message) => message.role === 'assistant').length
  return policy.next({
    messages,
    tools,
    sample: { key: 'test', epoch: 0 },
    turn,
    signal: signal ?? new AbortController().signal,
  })
}

/** The whole conversation until an answer; the call whose number is `failing` fails. */
async function converse({
  image,
  question,
  failing = null,
}: {
  image: Buffer
  question: string
  failing?: number | null
}): Promise<{ codes: string[]; answer: string; messages: Message[] }> {
  const messages = await opening({ image, question })
  const images = [image]
  const codes: string[] = []
  for (let turn = 0; turn < 12; turn++) {
    const { text } = await ask(messages)
    messages.push({ role: 'assistant', content: [{ type: 'text', text }] })
    const block = /<tool_call>\n(.*)\n<\/tool_call>$/.exec(text)?.[1]
    if (block === undefined)
      return { codes, answer: /<answer>(.*)<\/answer>$/.exec(text)?.[1] ?? '', messages }
    const call = JSON.parse(block) as { name: string; arguments: { code: string; image_index: number } }
    expect(call.name).toBe(TOOL.name)
    const source = images[call.arguments.image_index]
    if (!source) throw new Error(`The agent asked for image ${call.arguments.image_index.toString()}.`)
    codes.push(call.arguments.code)
    if (codes.length - 1 === failing) {
      messages.push({ role: 'tool', content: [{ type: 'text', text: 'The code took too long (timeout)' }] })
      continue
    }
    const result = await runFakeCode({ image: source, code: call.arguments.code })
    images.push(result)
    messages.push({
      role: 'tool',
      content: [{ type: 'image', index: images.length - 1, image: await viewOf(result) }],
    })
  }
  throw new Error('The agent did not answer within 12 turns.')
}

describe('the tesseract policy', () => {
  test('turns a page that stands on its head, crops the line and reads the answer', async () => {
    const { answer, ...task } = rowWith('rotate_180', 'receipt')
    const { codes, answer: given } = await converse(task)
    expect(codes[0]).toBe('result = image.rotate(180, expand=True)')
    expect(codes[1]).toContain('image.crop')
    expect(given).toBe(answer)
  })

  test('undoes a mirror image after looking at an orientation that was wrong', async () => {
    const { answer, ...task } = rowWith('flip_horizontal', 'directory')
    const { codes, answer: given } = await converse(task)
    expect(codes.at(-2)).toBe('result = ImageOps.mirror(image)')
    expect(given).toBe(answer)
  })

  test('goes on after a call that failed', async () => {
    const { answer, ...task } = rowWith('none', 'receipt')
    const smooth = await converse(task)
    expect(smooth.codes).toHaveLength(1)
    const bumpy = await converse({ ...task, failing: 0 })
    expect(bumpy.codes).toHaveLength(2)
    expect([smooth.answer, bumpy.answer]).toEqual([answer, answer])
  })

  test('gives the same reply to the same conversation, whatever it did before', async () => {
    const task = rowWith('flip_vertical', 'badges')
    const { messages } = await converse(task)
    const beforeCrop = messages.slice(0, -2)
    const fresh = createTesseractPolicy({ workers: 1 })
    try {
      const request = {
        messages: beforeCrop.slice(0, -1),
        tools: [TOOL],
        sample: { key: 'other', epoch: 3 },
        turn: 0,
        signal: new AbortController().signal,
      }
      const again = await fresh.next(request)
      expect(again.text).toBe(beforeCrop.map(textOf).at(-1))
    } finally {
      await fresh.close?.()
    }
  })

  test('answers at once without tools, from the view as it is given', async () => {
    const { answer, ...task } = rowWith('none', 'directory')
    const { text } = await ask(await opening(task), { tools: [] })
    expect(text).toContain(`<answer>${answer}</answer>`)
    const { text: unread } = await ask(await opening(rowWith('flip_vertical', 'directory')), { tools: [] })
    expect(unread).not.toContain('<tool_call>')
    expect(unread).toMatch(/<answer>.+<\/answer>$/)
  })

  test('stops waiting when it is aborted', async () => {
    const reason = new Error('enough')
    await expect(
      ask(await opening(rowWith('none', 'badges')), { signal: AbortSignal.abort(reason) }),
    ).rejects.toBe(reason)
  })

  test('names the view that cannot be decoded instead of hanging', async () => {
    const broken = Buffer.from('no image at all')
    const view: EncodedImage = {
      sha256: 'broken',
      width: 10,
      height: 10,
      mediaType: 'image/png',
      read: () => Promise.resolve(broken),
    }
    const content: Message['content'] = [
      { type: 'image', index: 0, image: view },
      { type: 'text', text: 'What is written here?' },
    ]
    await expect(ask([{ role: 'user', content }])).rejects.toThrow(/could not read an image of 15 bytes/)
  })
})
