import { CODE_IMAGE_TOOL } from '../../../agent/tool-description.js'
import { parseHermes } from '../../../agent/hermes.js'
import type { EncodedImage } from '../../../core/image.js'
import type { Message } from '../../../core/message.js'
import type { Policy } from '../../../core/policy.js'
import type { CurationPlan, Size } from '../../plan/curation-plan.js'
import { movesOf } from '../moves.js'

/** Play a plan without a sandbox: every call ends as the plan means it to. Returns the conversation. */
export async function playPlan({
  plan,
  teacher,
  epoch = 0,
  sizes: told = 'told',
  fail,
}: {
  plan: CurationPlan
  teacher: Policy
  epoch?: number
  /** Whether the messages name the full sizes of images, as profile `standard` does. */
  sizes?: 'told' | 'untold'
  /** The error that every call ends in, whatever the plan says. */
  fail?: string
}): Promise<Message[]> {
  const sizes = plan.images.map(({ width, height }, at) => `Image ${at}: ${width} × ${height} pixels.`)
  const messages: Message[] = [
    {
      role: 'system',
      content: [{ type: 'text', text: told === 'told' ? `You look.\n${sizes.join('\n')}` : 'You look.' }],
    },
    {
      role: 'user',
      content: [
        ...plan.images.map((size, index) => ({ type: 'image' as const, index, image: viewOf(size) })),
        { type: 'text', text: plan.question },
      ],
    },
  ]
  const moves = movesOf(plan)
  let count = plan.images.length
  for (let turn = 0; turn < 12; turn++) {
    const { text } = await teacher.next({
      messages: [...messages],
      tools: [CODE_IMAGE_TOOL],
      sample: { key: plan.taskKey, epoch },
      turn,
      signal: new AbortController().signal,
    })
    messages.push({ role: 'assistant', content: [{ type: 'text', text }] })
    if (parseHermes(text).calls.length === 0) break
    const move = moves[turn]
    const fails = fail !== undefined || (move?.type === 'provoke' && plan.provocation?.kind !== 'wrong-tool')
    const size = plan.steps[move?.step ?? 0]?.resultSize ?? { width: 8, height: 8 }
    messages.push({
      role: 'tool',
      content: fails
        ? [{ type: 'text', text: fail ?? FAILURES[plan.provocation?.kind ?? 'timeout'] }]
        : [
            { type: 'image', index: count, image: viewOf(size) },
            {
              type: 'text',
              text:
                told === 'told'
                  ? `Image ${count} (${size.width} × ${size.height} pixels) is the result.`
                  : 'Here is the processed image.',
            },
          ],
    })
    if (!fails) count++
  }
  return messages
}

const FAILURES = {
  'bad-argument':
    'The code failed (runtime): TypeError: bad argument\nTraceback\nTypeError: bad argument\nNo image was added.',
  'missing-name': "The code failed (runtime): NameError: name 'x' is not defined\nNo image was added.",
  'index-out-of-range':
    'The code failed (runtime): IndexError: image_index 7 is out of range\nNo image was added.',
  timeout: 'The code took too long (timeout): the code ran longer than 1 s\nNo image was added.',
  'wrong-tool': '',
}

/** A view of half the size: something is always too small in it. */
function viewOf({ width, height }: Size): EncodedImage {
  return {
    sha256: '0'.repeat(64),
    width: Math.ceil(width / 2),
    height: Math.ceil(height / 2),
    mediaType: 'image/png',
    read: () => Promise.resolve(Buffer.alloc(0)),
  }
}
