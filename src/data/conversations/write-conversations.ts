import { createWriteStream } from 'node:fs'
import { dirname, extname } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { makeFolder } from '../../config/make-folder.js'
import { DataError } from '../../core/errors.js'
import type { Conversation } from './conversation.js'
import { imageFiles } from './image-files.js'
import { toJsonl } from './jsonl/to-jsonl.js'
import { toSharegpt } from './sharegpt/to-sharegpt.js'
import { wholeFile } from './whole-file.js'

/**
 * `sharegpt`: as the paper's SFT set; `llamafactory`: the same with every column in every row, so that a `dataset_info.json` can name them; `jsonl`: this project's own.
 */
export type ConversationFormat = 'sharegpt' | 'llamafactory' | 'jsonl'

export interface WrittenConversations {
  rows: number
  /** Different image files beside the rows. */
  images: number
}

/**
 * Write conversations as rows, their images beside them in `images/` by hash. One is held at a time. The file appears whole or not at all; where no row comes out, it does not.
 * @param parameters.path `.json`: a list; else a row a line
 * @throws StoreError when the disk is full or not writable. A conversation whose image is not there is told and left out.
 */
export async function writeConversations({
  path,
  format,
  conversations,
  onProblem,
  onRow = () => undefined,
}: {
  path: string
  format: ConversationFormat
  conversations: AsyncIterable<Conversation>
  onProblem: (problem: DataError) => void
  onRow?: ((rows: number) => void) | undefined
}): Promise<WrittenConversations> {
  const folder = dirname(path)
  const images = imageFiles(folder)
  let rows = 0
  const texts = async function* (): AsyncGenerator<string> {
    for await (const conversation of conversations) {
      const text = await rowText({ conversation, format, put: images.put }).catch((cause: unknown) => {
        if (!(cause instanceof DataError)) throw cause
        onProblem(new DataError(`${conversation.id}: ${cause.message}`, { cause }))
        return null
      })
      if (text === null) continue
      yield text
      onRow(++rows)
    }
  }
  await makeFolder(folder, '--out')
  await wholeFile({
    path,
    write: (partial) =>
      pipeline(
        Readable.from(extname(path) === '.json' ? listed(texts()) : lines(texts())),
        createWriteStream(partial),
      ),
    isWanted: () => rows > 0,
  })
  return { rows, images: images.count }
}

async function rowText({
  conversation,
  format,
  put,
}: {
  conversation: Conversation
  format: ConversationFormat
  put: (path: string) => Promise<string>
}): Promise<string> {
  const images: string[] = []
  for (const path of conversation.images) images.push(await put(path))
  switch (format) {
    case 'jsonl':
      return JSON.stringify(toJsonl({ conversation, images }))
    case 'sharegpt':
      return JSON.stringify(toSharegpt({ conversation, images }))
    case 'llamafactory':
      return JSON.stringify({ system: '', tools: '', ...toSharegpt({ conversation, images }) })
  }
}

async function* lines(texts: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const text of texts) yield `${text}\n`
}

async function* listed(texts: AsyncIterable<string>): AsyncGenerator<string> {
  let before = '[\n'
  for await (const text of texts) {
    yield `${before}${text}`
    before = ',\n'
  }
  yield before === '[\n' ? '[]\n' : '\n]\n'
}
