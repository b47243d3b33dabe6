import sharp from 'sharp'
import { z } from 'zod'
import { CHANNELS, type PixelMode } from '../../core/image.js'
import type { CheckedTool } from './check-tools.js'
import { plainProblem } from './plain-data.js'
import { ToolRefusal } from './tool-refusal.js'

const MODES: Readonly<Record<number, PixelMode>> = { 1: 'L', 3: 'RGB', 4: 'RGBA' }

const side = z.number().int().positive()
const rawImage = z
  .object({
    width: side,
    height: side,
    mode: z.enum(['RGB', 'RGBA', 'L']),
    pixels: z.instanceof(Uint8Array),
  })
  .refine(({ width, height, mode, pixels }) => pixels.length === width * height * CHANNELS[mode])
const number = z.number()
const boxes = z.array(z.looseObject({ box: z.tuple([number, number, number, number]) }))

/**
 * What a tool gave, as the worker reads it (py_sandbox/tools.py): the length of a JSON text in four bytes, the text, the pixels of an image.
 * @throws ToolRefusal where the tool gave something else than it says, or too much.
 */
export async function writeAnswer({
  tool: { name, result, limits },
  value,
}: {
  tool: Pick<CheckedTool, 'name' | 'result' | 'limits'>
  value: unknown
}): Promise<Buffer> {
  const wrong = (expected: string): ToolRefusal =>
    new ToolRefusal('failed', `tools.${name}: the tool did not give ${expected}`)
  const answer = await encode()
  if (answer.length > limits.maxBytes)
    throw new ToolRefusal(
      'failed',
      `tools.${name}: the result has ${answer.length} bytes, more than the tool may give`,
    )
  return answer

  async function encode(): Promise<Buffer> {
    switch (result) {
      case 'string':
        if (typeof value !== 'string') throw wrong('a string')
        return pack({ value })
      case 'number':
        if (!Number.isFinite(value)) throw wrong('a number')
        return pack({ value })
      case 'boxes':
        if (!boxes.safeParse(value).success || plainProblem(value) !== null) throw wrong('a list of boxes')
        return pack({ value })
      case 'json': {
        const problem = plainProblem(value)
        if (problem !== null) throw wrong(`plain data (${problem})`)
        return pack({ value })
      }
      case 'image': {
        const image = await imageOf(value, limits.maxBytes)
        if (image === null) throw wrong('an image')
        const { width, height, mode, pixels } = image
        return pack({ image: { width, height, mode } }, pixels)
      }
    }
  }
}

/** The same for a tool that gave nothing: the code's ToolError. */
export function writeRefusal({ message }: ToolRefusal): Buffer {
  return pack({ error: message })
}

function pack(answer: object, pixels: Uint8Array = Buffer.alloc(0)): Buffer {
  const text = Buffer.from(JSON.stringify(answer))
  const length = Buffer.alloc(4)
  length.writeUInt32LE(text.length)
  return Buffer.concat([length, text, pixels])
}

async function imageOf(value: unknown, maxBytes: number): Promise<z.infer<typeof rawImage> | null> {
  if (!(value instanceof Uint8Array)) return rawImage.safeParse(value).data ?? null
  try {
    const decoder = sharp(value, { limitInputPixels: maxBytes })
    const { data, info } = await decoder.toColourspace('srgb').raw().toBuffer({ resolveWithObject: true })
    const mode = MODES[info.channels]
    return mode === undefined ? null : { width: info.width, height: info.height, mode, pixels: data }
  } catch {
    return null // no file of an image, or a damaged one
  }
}
