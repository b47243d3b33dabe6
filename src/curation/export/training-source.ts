import { extname, join, resolve } from 'node:path'
import { isThere } from '../../config/is-there.js'
import { UsageError } from '../../core/errors.js'
import { openConversations, type ConversationFile } from '../../data/conversations/open-conversations.js'
import { openSuite, type OpenedSuite } from '../../data/open-suite.js'
import { ROW_FORMATS } from '../../data/locate-data.js'
import { openRun } from '../../store/open-run.js'
import type { RunReader } from '../../store/run.js'

/** Where training data comes from. */
export type TrainingSource =
  | { readonly kind: 'run'; readonly run: RunReader }
  | { readonly kind: 'conversations'; readonly files: readonly ConversationFile[] }
  /** Questions, without anyone's turns. */
  | { readonly kind: 'rows'; readonly suite: OpenedSuite }

/**
 * Open what a path names: a run folder (of an evaluation or of curation), a file of conversations or a folder with a `dataset_info.json`, or a file of questions.
 * @throws UsageError when it is none of these
 */
export async function openTrainingSource(path: string): Promise<TrainingSource> {
  if (await isThere(join(path, 'manifest.json')))
    return { kind: 'run', run: await openRun({ path, mode: 'read' }) }
  const files = await openConversations(path)
  if (files !== null) return { kind: 'conversations', files }
  if ((ROW_FORMATS as readonly string[]).includes(extname(path)))
    return { kind: 'rows', suite: await openSuite({ suite: path }) }
  throw new UsageError(
    `${resolve(path)}: expected a run folder (with a manifest.json), conversations (.json, .jsonl, or a folder with a dataset_info.json) or questions (${ROW_FORMATS.join(', ')}), got ${(await isThere(path)) ? 'something else' : 'nothing there'}`,
  )
}
