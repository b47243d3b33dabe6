import { randomUUID } from 'node:crypto'
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { errorCode } from '../core/error-code.js'
import type { ChatReply } from './chat-server.js'

const replySchema = z.object({
  text: z.string(),
  reasoning: z.string(),
  toolCalls: z.array(z.object({ id: z.string(), name: z.string(), arguments: z.string() })),
  finishReason: z.enum(['stop', 'length']),
  usage: z.object({ promptTokens: z.number().nonnegative(), completionTokens: z.number().nonnegative() }),
  requestId: z.string().nullable(),
})

const LAYOUT = 1
const entrySchema = z.object({
  layout: z.literal(LAYOUT),
  /** As in the file's name: a file that was renamed or copied is no answer to another question. */
  key: z.string(),
  model: z.string(),
  url: z.string(),
  reply: replySchema,
})

/** Replies that servers gave, by {@link replyKey}. */
export interface ReplyCache {
  /** Null where there is none that can be used. Never fails: what cannot be read is told and counts as absent. */
  get(key: string): Promise<ChatReply | null>
  /** Never fails: what cannot be written is told, once. */
  put(entry: { key: string; model: string; url: string; reply: ChatReply }): Promise<void>
}

/**
 * A cache in a folder, one file a reply. A file appears whole or not at all, so any number of processes may use the folder at once; of
 * two that write the same key, the later one stays.
 */
export function createReplyCache({
  directory,
  onWarning,
}: {
  directory: string
  onWarning: (message: string) => void
}): ReplyCache {
  let isWritable = true
  const pathOf = (key: string): string => join(directory, key.slice(0, 2), `${key}.json`)
  return {
    async get(key) {
      const path = pathOf(key)
      try {
        const entry = entrySchema.parse(JSON.parse(await readFile(path, 'utf8')))
        if (entry.key === key) return entry.reply
        onWarning(
          `${path}: this file holds the reply to another question; it is not used, and asked for again.`,
        )
      } catch (cause) {
        if (errorCode(cause) !== 'ENOENT')
          onWarning(
            `${path}: expected a cached reply; it is not used, and asked for again (${reason(cause)}).`,
          )
      }
      return null
    },
    async put({ key, model, url, reply }) {
      if (!isWritable) return
      const path = pathOf(key)
      try {
        await mkdir(dirname(path), { recursive: true })
        await writeWhole({ path, text: JSON.stringify({ layout: LAYOUT, key, model, url, reply }) })
      } catch (cause) {
        isWritable = false
        onWarning(
          `${path} could not be written (${reason(cause)}): replies are not kept from now on. Free space or permissions, or set CODEVISION_CACHE to another folder.`,
        )
      }
    },
  }
}

/** No sync to the disk: after a power cut an empty file is no entry, and a lost one is asked for again. */
async function writeWhole({ path, text }: { path: string; text: string }): Promise<void> {
  const partial = `${path}.${randomUUID()}.partial`
  try {
    const handle = await open(partial, 'wx')
    try {
      await handle.writeFile(text)
    } finally {
      await handle.close()
    }
    await rename(partial, path)
  } catch (cause) {
    await rm(partial, { force: true })
    throw cause
  }
}

function reason(cause: unknown): string {
  if (cause instanceof z.ZodError) return z.prettifyError(cause).replace(/\s+/g, ' ')
  return cause instanceof Error ? cause.message : String(cause)
}
