import { randomUUID } from 'node:crypto'
import sharp from 'sharp'
import type { ConformanceAnswer, ConformanceClient } from './conformance-client.js'
import { expectThat, type ConformanceRule } from './conformance-rule.js'
import { objectIn, objectsIn } from './observed.js'
import { FAILING } from './scripted-episode.js'

const SIZE = { width: 8, height: 4 }
const TURNED = 'result = image.rotate(90, expand=True)'

/** What callers rely on in sessions over images of their own. */
export const SESSION_RULES: readonly ConformanceRule[] = [
  rule('begins once, with the sizes of its images', async (session) => {
    const [first, again] = [await session.open(), await session.open()]
    const other = await session.open([await picture('#ffffff')])
    const told = [first.status, again.status, other.status, first.json['images']]
    const [image] = objectsIn(first.json['images'])
    return expectThat(
      [first.status, again.status, other.status].join() === '201,200,409' &&
        image?.['width'] === SIZE.width &&
        image['height'] === SIZE.height,
      '201 with 8 × 4 pixels, 200, and 409 for another image under that id',
      told,
    )
  }),
  rule('a call tells image, text and what was done', async (session) => {
    const { profile } = (await session.open()).json
    const { status, json } = await session.execute(TURNED)
    const { index, width, height, data } = objectIn(json['image'])
    const operations = objectsIn(json['operations']).map(({ op, verified }) => [op, verified])
    // The released environment makes small images larger and says no sizes; what it made is then no turn of the pixels.
    if (profile === 'release')
      return expectThat(
        status === 200 &&
          index === 1 &&
          String(data).startsWith('iVBOR') &&
          operations[0]?.[0] === 'rotate_90',
        'image 1 as a PNG file, and a rotation',
        { status, index, operations },
      )
    return expectThat(
      status === 200 &&
        [index, width, height].join() === `1,${SIZE.height},${SIZE.width}` &&
        String(data).startsWith('iVBOR') &&
        String(json['text']).includes('4 × 8') &&
        operations.some(([op, verified]) => op === 'rotate_90' && verified === true),
      'image 1 of 4 × 8 pixels as a PNG file, a text that says so, and a rotation that was seen',
      { status, index, width, height, text: json['text'], operations },
    )
  }),
  rule('a call that is sent again runs once', async (session) => {
    await session.open()
    const [first, again] = [await session.execute(TURNED, 'a'), await session.execute(TURNED, 'a')]
    const other = await session.execute(`${TURNED}.copy()`, 'a')
    const next = await session.execute(TURNED, 'b')
    const made = [first, again, next].map(({ json }) => objectIn(json['image'])['index'])
    return expectThat(
      made.join() === '1,1,2' && other.status === 409,
      'image 1 twice, image 2 for another call, and 409 for other code under that id',
      { made, other: other.status },
    )
  }),
  rule('code that fails is a result that names error and line', async (session) => {
    await session.open()
    const { status, json } = await session.execute(FAILING)
    const { kind, type, line } = json
    return expectThat(
      status === 200 && json['status'] === 'error' && type === 'AttributeError' && line === 2,
      'status 200 with an AttributeError in line 2',
      { status, kind, type, line },
    )
  }),
  rule('an image can be asked for as a file', async (session) => {
    await session.open()
    const { status } = await session.execute(TURNED)
    const file = await session.image(1)
    return expectThat(
      status === 200 && file.status === 200 && file.headers.get('content-type') === 'image/png',
      'status 200 and image/png',
      [status, file.status, file.headers.get('content-type')],
    )
  }),
  rule('an image that is none is refused with its place', async (session) => {
    const { status, json } = await session.open(['bm8gcGljdHVyZQ=='])
    return expectThat(
      status >= 400 && status < 500 && /image/i.test(String(objectIn(json['error'])['message'])),
      'a status of 4xx that names the image',
      { status, json },
    )
  }),
  rule('is gone when it was ended', async (session) => {
    await session.open()
    const closed = await session.close()
    const late = await session.execute(TURNED)
    return expectThat(closed.status === 204 && late.status === 404, '204, then 404', [
      closed.status,
      late.status,
    ])
  }),
]

/** A session over one small picture, or over others. */
class ImageSession {
  private readonly path = `/v1/sessions/${randomUUID()}`
  private readonly client: ConformanceClient
  private calls = 0

  constructor(client: ConformanceClient) {
    this.client = client
  }

  async open(images?: readonly string[]): Promise<ConformanceAnswer> {
    const id = this.path.slice(this.path.lastIndexOf('/') + 1)
    return this.client.ask('POST', '/v1/sessions', { id, images: images ?? [await picture('#204060')] })
  }

  async execute(code: string, callId = String(this.calls++)): Promise<ConformanceAnswer> {
    return this.client.ask('POST', `${this.path}/execute`, { call_id: callId, code })
  }

  async image(index: number): Promise<ConformanceAnswer> {
    return this.client.ask('GET', `${this.path}/images/${index}`)
  }

  async close(): Promise<ConformanceAnswer> {
    return this.client.ask('DELETE', this.path)
  }
}

function rule(name: string, check: (session: ImageSession) => Promise<string | null>): ConformanceRule {
  return {
    name: `a session over images: ${name}`,
    check: async (client) => {
      const session = new ImageSession(client)
      try {
        return await check(session)
      } finally {
        await session.close()
      }
    },
  }
}

/** A picture as base64, of one colour but for a corner, so that a turn of it can be told. */
async function picture(corner: string): Promise<string> {
  const other = await sharp({ create: { width: 2, height: 2, channels: 3, background: corner } })
    .png()
    .toBuffer()
  const file = await sharp({ create: { ...SIZE, channels: 3, background: '#ff8000' } })
    .composite([{ input: other, left: 0, top: 0 }])
    .png()
    .toBuffer()
  return file.toString('base64')
}
