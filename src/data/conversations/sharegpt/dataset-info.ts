import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { errorCode } from '../../../core/error-code.js'
import { UsageError } from '../../../core/errors.js'
import { PAPER_ATTRIBUTES, type DatasetAttributes } from './dataset-attributes.js'

/** Where LLaMA-Factory looks for what a data set is. */
export const DATASET_INFO = 'dataset_info.json'

const name = z.string().min(1)
const entry = z.looseObject({
  file_name: name.exactOptional(),
  formatting: z.string().default('alpaca'),
  columns: z
    .looseObject({
      messages: name.exactOptional(),
      system: name.exactOptional(),
      tools: name.exactOptional(),
      images: name.exactOptional(),
    })
    .exactOptional(),
  tags: z
    .looseObject({
      role_tag: name.exactOptional(),
      content_tag: name.exactOptional(),
      user_tag: name.exactOptional(),
      assistant_tag: name.exactOptional(),
      observation_tag: name.exactOptional(),
      function_tag: name.exactOptional(),
      system_tag: name.exactOptional(),
    })
    .exactOptional(),
})

export type DatasetInfoEntry = z.output<typeof entry>
export type DatasetInfo = ReadonlyMap<string, DatasetInfoEntry>

/**
 * The `dataset_info.json` of a folder; null where it has none.
 * @throws UsageError when it is no JSON, or of another form
 */
export async function readDatasetInfo(folder: string): Promise<DatasetInfo | null> {
  const path = join(folder, DATASET_INFO)
  let value: unknown
  try {
    value = JSON.parse(await readFile(path, 'utf8'))
  } catch (cause) {
    if (['ENOENT', 'ENOTDIR'].includes(errorCode(cause) ?? '')) return null
    throw new UsageError(`${path}: expected JSON that describes data sets; ${String(cause)}`, { cause })
  }
  const result = z.record(z.string(), entry).safeParse(value)
  if (result.success) return new Map(Object.entries(result.data))
  throw new UsageError(
    `${path}: expected for each data set file_name, formatting, columns and tags; ${z.prettifyError(result.error)}`,
  )
}

/** Names that LLaMA-Factory takes where an entry has no `columns`, no `tags`; where it has some, those that it does not name are not set. */
const DEFAULTS = {
  columns: { messages: 'conversations', system: null, tools: null, images: null },
  tags: {
    role: 'from',
    content: 'value',
    user: 'human',
    assistant: 'gpt',
    observation: 'observation',
    function: 'function_call',
    system: 'system',
  },
} as const

/** Columns and speakers of an entry, as LLaMA-Factory reads it. */
export function attributesOf({ columns, tags }: DatasetInfoEntry): DatasetAttributes {
  return {
    columns:
      columns === undefined
        ? DEFAULTS.columns
        : {
            messages: columns.messages ?? '',
            system: columns.system ?? null,
            tools: columns.tools ?? null,
            images: columns.images ?? null,
          },
    tags:
      tags === undefined
        ? DEFAULTS.tags
        : {
            role: tags.role_tag ?? '',
            content: tags.content_tag ?? '',
            user: tags.user_tag ?? '',
            assistant: tags.assistant_tag ?? '',
            observation: tags.observation_tag ?? null,
            function: tags.function_tag ?? null,
            system: tags.system_tag ?? null,
          },
  }
}

/** The entry of a file as this project writes it: every name is said, so that nothing has to be converted. */
export function entryOf({ fileName }: { fileName: string }): DatasetInfoEntry {
  const { columns, tags } = PAPER_ATTRIBUTES
  return {
    file_name: fileName,
    formatting: 'sharegpt',
    columns: {
      messages: columns.messages,
      images: columns.images ?? '',
      system: columns.system ?? '',
      tools: columns.tools ?? '',
    },
    tags: {
      role_tag: tags.role,
      content_tag: tags.content,
      user_tag: tags.user,
      assistant_tag: tags.assistant,
      observation_tag: tags.observation ?? '',
      function_tag: tags.function ?? '',
      system_tag: tags.system ?? '',
    },
  }
}
