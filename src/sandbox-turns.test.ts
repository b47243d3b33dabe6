import { afterAll, beforeAll, expect, test } from '@jest/globals'
import sharp from 'sharp'
import { testRuntime } from './config/test-runtime.js'
import type { SandboxSession } from './core/sandbox.js'
import { createSandbox, type RuntimeChoice } from './wiring.js'

/** In which order a sandbox with a single place serves sessions that want something at the same time. */
const SESSIONS = 6
const VIEW = { minPixels: 1, maxPixels: 100 }
const raw = { width: 40, height: 30, channels: 3 } as const

let sandbox: Awaited<ReturnType<typeof createSandbox>>

beforeAll(async () => {
  sandbox = await createSandbox({
    ...{ runtime: (testRuntime() ?? 'auto') as RuntimeChoice, hosts: 1, concurrency: 1 },
  })
})

afterAll(async () => {
  await sandbox.close()
})

/** No two alike, so that nothing is shared. */
const picture = (shade: number): Promise<Buffer> =>
  sharp(Buffer.alloc(40 * 30 * 3, shade), { raw })
    .png()
    .toBuffer()

let shades = 0
const open = async (): Promise<SandboxSession> => sandbox.open([await picture((shades += 1))])

const all = <T>(action: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: SESSIONS }, (_, index) => action(index)))

async function call(session: SandboxSession): Promise<number> {
  const execution = await session.execute({ code: 'result = image.rotate(180)' })
  if (execution.status !== 'ok')
    throw new Error(`expected an image, got ${execution.kind}: ${execution.message}`)
  return execution.imageIndex
}

test('of many that call at once, the first sees its result before the last is called', async () => {
  const sessions = await all(open)
  const order: string[] = []
  await Promise.all(
    sessions.map(async (session, index) => {
      const result = await call(session)
      order.push(`call ${index}`)
      await session.view(result, VIEW)
      order.push(`view ${index}`)
    }),
  )
  expect(order.indexOf('view 0')).toBeLessThan(order.indexOf('call 3'))
  expect(order.indexOf('view 1')).toBeLessThan(order.indexOf('call 4'))
  await Promise.all(sessions.map((session) => session.close()))
})

test('of many that open at once, the first sees its image before the last is open', async () => {
  const pictures = await all(() => picture((shades += 1)))
  const order: string[] = []
  const sessions = await Promise.all(
    pictures.map(async (image) => {
      const session = await sandbox.open([image])
      order.push('open')
      await session.view(0, VIEW)
      order.push('view')
      return session
    }),
  )
  expect(order.indexOf('view')).toBeLessThan(order.lastIndexOf('open'))
  await Promise.all(sessions.map((session) => session.close()))
})

test('a second look at an image waits for the calls that came before it', async () => {
  const sessions = await all(open)
  const [looking, ...calling] = sessions
  await looking?.view(0, VIEW)
  const order: string[] = []
  const calls = calling.map(async (session) => {
    await call(session)
    order.push('call')
  })
  await Promise.all([
    ...calls,
    looking?.view(0, { minPixels: 1, maxPixels: 50 }).then(() => order.push('view')),
  ])
  expect(order.at(-1)).toBe('view')
  await Promise.all(sessions.map((session) => session.close()))
})
