import { readFile } from 'node:fs/promises'
import { LineCounter, parseDocument, isMap, isNode, isScalar, type Document } from 'yaml'
import type { z } from 'zod'
import { UsageError } from '../core/errors.js'
import { explainIssues, type Issue } from './explain-issues.js'
import { issueOrigin } from './issue-origin.js'

/** A YAML file whose syntax is right; its values are not checked yet. */
export interface YamlFile {
  path: string
  value: unknown
  /** Line of a key (or of what holds it), from 1; null where the file does not have it. */
  lineOf(path: readonly PropertyKey[]): number | null
  /** The file that says a key: `path`, or one that it extends (`readExtendedYaml`). */
  sourceOf(path: readonly PropertyKey[]): string
}

/** @throws UsageError naming file and line when the file is not there or is not YAML. */
export async function readYaml(path: string): Promise<YamlFile> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (cause) {
    throw new UsageError(`${path}: expected a YAML file that can be read; ${String(cause)}`, { cause })
  }
  return parseYaml({ path, text })
}

/** Like {@link readYaml}, for a text that was read elsewhere. */
export function parseYaml({ path, text }: { path: string; text: string }): YamlFile {
  const lineCounter = new LineCounter()
  const document = parseDocument(text, { lineCounter, prettyErrors: false })
  const [error] = document.errors
  if (error !== undefined) {
    throw new UsageError(`${path} line ${lineCounter.linePos(error.pos[0]).line}: ${error.message}`, {
      cause: error,
    })
  }
  return {
    path,
    value: document.toJS() ?? {},
    lineOf: (keys) => {
      const offset = offsetOf(document, keys)
      return offset === null ? null : lineCounter.linePos(offset).line
    },
    sourceOf: () => path,
  }
}

/**
 * Check a YAML file's values.
 * @param parameters.overrides what the command line says, which stands in the file's value already: not the file is blamed for it
 * @throws UsageError that lists every value that is wrong: file and line (or the command line), key, what was expected, what came.
 */
export function checkYaml<Schema extends z.ZodType>({
  file,
  schema,
  overrides = {},
}: {
  file: YamlFile
  schema: Schema
  overrides?: object
}): z.output<Schema> {
  const result = schema.safeParse(file.value, { reportInput: true })
  if (result.success) return result.data
  const where = ({ path }: Issue): string => issueOrigin({ path, overrides, file })
  throw new UsageError(explainIssues({ error: result.error, schema, where }).join('\n'))
}

function offsetOf(document: Document.Parsed, keys: readonly PropertyKey[]): number | null {
  if (keys.length === 0) return null
  const holder = document.getIn(keys.slice(0, -1), true)
  if (isMap(holder)) {
    const name = String(keys[keys.length - 1])
    const pair = holder.items.find(({ key }) => isScalar(key) && String(key.value) === name)
    if (pair !== undefined && isNode(pair.key) && pair.key.range) return pair.key.range[0]
  }
  const node = document.getIn(keys, true)
  if (isNode(node) && node.range) return node.range[0]
  return offsetOf(document, keys.slice(0, -1))
}
