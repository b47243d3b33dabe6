import sharp from 'sharp'
import { CHANNELS } from '../../core/image.js'
import type { ToolData, ToolImage, ToolParameter, ToolValue } from '../../core/host-tool.js'
import type { CheckedTool } from './check-tools.js'
import { plainProblem } from './plain-data.js'
import { ToolRefusal } from './tool-refusal.js'
import type { ToolRequest } from './tool-request.js'

/** Characters of all arguments as JSON, as py_sandbox writes and bounds them for worker and host. */
const MOST_TEXT = 1 << 16
/** What such a text may grow by where it is written here: Python's `1e+20` has 21 digits. */
const GROWTH = 4

type ImageForm = ToolRequest['images'][number]

export function bytesOf({ width, height, mode }: ImageForm): number {
  return width * height * CHANNELS[mode]
}

/**
 * The arguments of a request, each checked against its parameter, although the worker has done so before: who speaks there may be hostile code.
 * @param pixels gives the bytes of all images of the request, one behind the other; only called where all else is right.
 * @throws ToolRefusal; what `pixels` throws.
 */
export async function readArguments({
  tool: { name, parameters, limits },
  request: { arguments: given, images },
  pixels,
}: {
  tool: CheckedTool
  request: ToolRequest
  pixels: () => Promise<Buffer>
}): Promise<Record<string, ToolValue>> {
  const unknown = Object.keys(given).find((key) => !Object.hasOwn(parameters, key))
  if (unknown !== undefined) throw refuse(name, `there is no parameter ${unknown}`)
  for (const [key, parameter] of Object.entries(parameters)) {
    if (!Object.hasOwn(given, key)) {
      if (parameter.optional !== true) throw refuse(name, `${key} is missing`)
      continue
    }
    const problem = problemOf({ value: given[key], parameter, images })
    if (problem !== null) throw refuse(name, `${key}: ${problem}`)
  }
  const text = JSON.stringify(given).length
  const bytes = images.reduce((total, image) => total + bytesOf(image), 0)
  if (text > GROWTH * Math.min(MOST_TEXT, limits.maxBytes) || bytes > limits.maxBytes)
    throw refuse(
      name,
      `the arguments have ${text} characters and ${bytes} bytes of pixels, more than may be sent`,
    )
  const shown = images.length === 0 ? [] : split(await pixels(), images)
  return Object.fromEntries(
    Object.entries(given).map(([key, value]) => [
      key,
      parameters[key]?.type === 'image' ? (shown[value as number] as ToolImage) : (value as ToolData),
    ]),
  )
}

function refuse(name: string, problem: string): ToolRefusal {
  return new ToolRefusal('refused', `tools.${name}: ${problem}`)
}

function problemOf({
  value,
  parameter,
  images,
}: {
  value: unknown
  parameter: ToolParameter
  images: readonly ImageForm[]
}): string | null {
  switch (parameter.type) {
    case 'image':
      return typeof value === 'number' && Object.hasOwn(images, value) ? null : 'expected an image'
    case 'choice':
      return typeof value === 'string' && parameter.choices.includes(value)
        ? null
        : `expected one of ${parameter.choices.join(', ')}`
    case 'json':
      return plainProblem(value)
    case 'string':
    case 'number':
    case 'boolean':
      return typeof value === parameter.type ? null : `expected a ${parameter.type}`
  }
}

function split(pixels: Buffer, images: readonly ImageForm[]): ToolImage[] {
  let offset = 0
  return images.map((image) => {
    const own = pixels.subarray(offset, (offset += bytesOf(image)))
    const { width, height, mode } = image
    return { width, height, mode, pixels: own, png: () => encodePng(image, own) }
  })
}

function encodePng({ width, height, mode }: ImageForm, pixels: Buffer): Promise<Buffer> {
  const raw = { width, height, channels: CHANNELS[mode] as 1 | 3 | 4 }
  const image = sharp(pixels, { raw, limitInputPixels: false })
  return (mode === 'L' ? image.toColourspace('b-w') : image).png().toBuffer()
}
