import { stat } from 'node:fs/promises'
import { basename, dirname, extname, join, resolve } from 'node:path'
import { UsageError } from '../../core/errors.js'
import { readJsonRows } from './read-json-rows.js'
import { PAPER_ATTRIBUTES, type DatasetAttributes } from './sharegpt/dataset-attributes.js'
import { attributesOf, DATASET_INFO, readDatasetInfo } from './sharegpt/dataset-info.js'

/** A file of conversations and how it is read. */
export interface ConversationFile {
  /** Absolute. */
  readonly path: string
  /** Image paths are relative to it. */
  readonly folder: string
  readonly format:
    { readonly kind: 'jsonl' } | { readonly kind: 'sharegpt'; readonly attributes: DatasetAttributes }
}

/**
 * Find the conversations that a path names: a `.json` or `.jsonl` file of them, a `dataset_info.json`, or its folder. Names of columns and speakers are those of the
 * `dataset_info.json` beside a file, where that lists it, else the paper's. Null where the path is something else, such as a file of questions.
 * @throws UsageError for a `dataset_info.json` that cannot be read, lists no file of conversations, or lists files that are not there; for a `.json` that is not there.
 */
export async function openConversations(given: string): Promise<readonly ConversationFile[] | null> {
  const path = resolve(given)
  const kind = await kindOf(path)
  if (kind === null && extname(path) === '.json')
    throw new UsageError(`${path}: expected a file of conversations, got none there`)
  if (kind === null) return null
  if (kind === 'folder' || basename(path) === DATASET_INFO)
    return listed(kind === 'folder' ? path : dirname(path))
  const extension = extname(path)
  if (extension !== '.json' && extension !== '.jsonl') return null
  const info = await readDatasetInfo(dirname(path))
  const entry = [...(info?.values() ?? [])].find(({ file_name: name }) => name === basename(path))
  if (entry?.formatting === 'sharegpt')
    return [{ path, folder: dirname(path), format: { kind: 'sharegpt', attributes: attributesOf(entry) } }]
  const format = await formatOfRows(path)
  return format === null ? null : [{ path, folder: dirname(path), format }]
}

async function kindOf(path: string): Promise<'file' | 'folder' | null> {
  return stat(path).then(
    (found) => (found.isDirectory() ? 'folder' : 'file'),
    () => null,
  )
}

async function listed(folder: string): Promise<ConversationFile[] | null> {
  const info = await readDatasetInfo(folder)
  if (info === null) return null
  const files = [...info.values()].flatMap((entry): ConversationFile[] => {
    if (entry.formatting !== 'sharegpt' || entry.file_name === undefined) return []
    const path = join(folder, entry.file_name)
    return [{ path, folder, format: { kind: 'sharegpt', attributes: attributesOf(entry) } }]
  })
  if (files.length === 0)
    throw new UsageError(
      `${join(folder, DATASET_INFO)}: expected a data set with formatting sharegpt, got none`,
    )
  for (const { path } of files)
    if ((await kindOf(path)) !== 'file')
      throw new UsageError(`${join(folder, DATASET_INFO)}: expected the file ${path}, got none there`)
  return files
}

/** By its first row that can be read; a `.json` holds conversations or nothing that is read here. */
async function formatOfRows(path: string): Promise<ConversationFile['format'] | null> {
  for await (const row of readJsonRows(path)) {
    if (!row.ok) continue
    const { value } = row
    if (typeof value !== 'object' || value === null) continue
    if ('schemaVersion' in value && 'messages' in value) return { kind: 'jsonl' }
    if ('conversations' in value || extname(path) === '.json')
      return { kind: 'sharegpt', attributes: PAPER_ATTRIBUTES }
    return null
  }
  return extname(path) === '.json' ? { kind: 'sharegpt', attributes: PAPER_ATTRIBUTES } : null
}
