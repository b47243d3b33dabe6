import sharp from 'sharp'
import { closeAfter } from '../../core/close-after.js'
import type { ConformanceResult } from './conformance-rule.js'
import { expectThat } from './conformance-rule.js'
import type { ServiceUnderTest } from './conformance-client.js'
import { McpConnection } from './mcp-connection.js'
import type { RootedFiles } from './own-service.js'
import { nothingAnswers, saidBy } from './nothing-answers.js'
import { FAILING } from './scripted-episode.js'

const TURN = 'result = image.rotate(90, expand=True)'
/** In what a refusal says of a file. */
const NO_ACCESS = 'does not lie in a folder that may be read'
const TOOLS = ['open_image', 'code_image_tool', 'list_images', 'close']

type Check = (
  one: McpConnection,
  picture: string,
  known: { other: () => Promise<McpConnection>; files: RootedFiles | null },
) => Promise<string | null>

/** What MCP clients rely on. */
const RULES: Readonly<Record<string, Check>> = {
  'four tools are listed, with what they take': async (one) => {
    const tools = await one.tools()
    const takesCode = tools.get('code_image_tool')?.includes('code') === true
    return expectThat(TOOLS.every((name) => tools.has(name)) && takesCode, TOOLS.join(', '), [...tools])
  },
  'an image is opened from its data and shown': async (one, data) => {
    const answer = await one.call('open_image', { data })
    return expectThat(!answer.isError && answer.pictures.length === 1, 'a picture', answer)
  },
  'code makes the next image, which is shown': async (one, data) => {
    await one.call('open_image', { data })
    const answer = await one.call('code_image_tool', { code: TURN, image_index: 0 })
    const isShown = answer.pictures.length === 1 && answer.text.includes('30 × 40')
    return expectThat(!answer.isError && isShown, 'a picture of 30 × 40 pixels', answer)
  },
  'code that fails is a result that names error and line': async (one, data) => {
    await one.call('open_image', { data })
    const answer = await one.call('code_image_tool', {
      code: FAILING,
      image_index: 0,
    })
    const isTold = answer.text.includes('AttributeError') && answer.text.includes('> 2 |')
    return expectThat(answer.isError && isTold, 'isError, AttributeError in line 2', answer)
  },
  'arguments that are none are a result that says what was expected': async (one, data) => {
    await one.call('open_image', { data })
    const answer = await one.call('code_image_tool', { code: 5 })
    return expectThat(
      answer.isError && answer.text.includes('expected'),
      'isError and what was expected',
      answer,
    )
  },
  'code without an image is a result': async (one) => {
    const answer = await one.call('code_image_tool', { code: TURN, image_index: 0 })
    return expectThat(answer.isError && answer.pictures.length === 0, 'isError', answer)
  },
  'a file outside of the roots is refused': async (one, _, { files }) => {
    // A server that reads it would say that it is no image, so the words count.
    const { inside = null, outside = '/etc/passwd' } = files ?? {}
    const opened = inside === null ? null : await one.call('open_image', { path: inside })
    const answer = await one.call('open_image', { path: outside })
    const isRefused = answer.isError && answer.pictures.length === 0 && answer.text.includes(NO_ACCESS)
    return expectThat(
      isRefused && (opened === null || opened.pictures.length === 1),
      `isError and that it ${NO_ACCESS}; a picture of one within them`,
      [answer, opened],
    )
  },
  'a tool that there is not is an error of the protocol': async (one) => {
    const error: unknown = await one.call('zoom').then(
      () => null,
      (thrown: unknown) => thrown,
    )
    const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : null
    return expectThat(code === -32602, 'error −32602', code)
  },
  'a connection does not see the images of another one': async (one, data, { other }) => {
    await one.call('open_image', { data })
    const second = await other()
    const answer = await second.call('code_image_tool', { code: TURN, image_index: 0 })
    return expectThat(answer.isError, 'isError', answer)
  },
  'close gives the images up': async (one, data) => {
    await one.call('open_image', { data })
    await one.call('close')
    const answer = await one.call('code_image_tool', { code: TURN, image_index: 0 })
    return expectThat(answer.isError, 'isError', answer)
  },
}

/**
 * Drive an MCP server with the SDK's client, one rule after the other, each over a connection of its own.
 * @param parameters.url of its streamable HTTP: http://127.0.0.1:8003/mcp
 * @param parameters.files on its machine; null: none are known there, and one that no roots should hold is asked for
 * @throws UsageError where no MCP server answers; the reason of the signal
 */
export async function* checkMcpConformance({
  files = null,
  ...where
}: ServiceUnderTest & { files?: RootedFiles | null }): AsyncGenerator<ConformanceResult> {
  const blank = { create: { width: 40, height: 30, channels: 3 as const, background: 'red' } }
  const picture = (await sharp(blank).png().toBuffer()).toString('base64')
  const { signal } = where
  const first = await McpConnection.open(where).catch((cause: unknown) => {
    signal?.throwIfAborted()
    throw nothingAnswers({ url: where.url, what: '`codevision serve mcp --http`', cause })
  })
  await first.close()
  for (const [name, check] of Object.entries(RULES)) {
    const failure = await tried({ check, picture, files, where }).catch(saidBy)
    signal?.throwIfAborted()
    yield { name, failure }
  }
}

async function tried({
  check,
  picture,
  files,
  where,
}: {
  check: Check
  picture: string
  files: RootedFiles | null
  where: ServiceUnderTest
}): Promise<string | null> {
  const open: McpConnection[] = []
  const connect = async (): Promise<McpConnection> => {
    const connection = await McpConnection.open(where)
    open.push(connection)
    return connection
  }
  return closeAfter({
    work: async () => check(await connect(), picture, { other: connect, files }),
    close: [() => Promise.all(open.map((connection) => connection.close()))],
  })
}
