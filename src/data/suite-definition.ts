import { readdir, stat } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { didYouMean } from '../config/did-you-mean.js'
import { checkYaml, readYaml } from '../config/read-yaml.js'
import { UsageError } from '../core/errors.js'
import { SCORERS } from '../core/scorer.js'
import { SCORING_PROFILES } from '../core/scoring-profile.js'
import { TRANSFORMS } from '../core/transform.js'
import { LAYOUT_NAMES } from './layouts/layouts.js'
import { promptTemplate } from './layouts/prompt-template.js'

const source = z.discriminatedUnion('kind', [
  /**
   * A data set of the hub, pinned; `file` is the path of its rows in the repository (`*` for the numbers of its shards), `beside` what they refer to, such as
   * images.
   */
  z.strictObject({
    kind: z.literal('hub'),
    repository: z.string(),
    revision: z.string(),
    file: z.string(),
    beside: z.array(z.string()).default([]),
  }),
  /** Files that the user has; `file` says which one. Of a suite of one's own it stands beside the YAML file. */
  z.strictObject({ kind: z.literal('local'), file: z.string() }),
  /** A folder of pictures that the user has, from which `count` questions are drawn. */
  z.strictObject({ kind: z.literal('folder'), count: z.number().int().positive() }),
])

/** A row of the paper's tables: accuracies in percent, `overall` or by transformation. */
const figure = z.strictObject({
  model: z.string(),
  tools: z.boolean(),
  accuracy: z.record(z.string(), z.number()),
})

/** What a benchmark is: where its rows come from, how they are laid out, and what the paper reports. */
export const suiteSchema = z.strictObject({
  name: z.string(),
  title: z.string(),
  source,
  /** Layout of the rows. */
  rows: z.enum(LAYOUT_NAMES),
  /** Columns of the layout in the file, for a reader of this definition: nothing is done with them. */
  columns: z.record(z.string(), z.string()).default({}),
  /** How the question is put to the model; absent: as it stands in the row. */
  prompt: promptTemplate.optional(),
  /** Orientations in which each row is asked, made from its image; absent: as the rows are. */
  transforms: z.array(z.enum(TRANSFORMS)).min(1).optional(),
  /** Scoring profile that the benchmark is reported under: taken where neither configuration nor command line names one. */
  scoring: z.enum(SCORING_PROFILES),
  /** Whose rules can score its answers, and so which profiles there are (docs/scoring.md). */
  scorer: z.enum(SCORERS).default('none'),
  figures: z.array(figure).default([]),
})

export type SuiteDefinition = z.output<typeof suiteSchema>

/** Whether what a YAML file holds is meant as the definition of a suite, right or wrong: no other file says where rows are and how they are laid out. */
export function isSuiteDefinition(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'source' in value && 'rows' in value
}

/** Whether a suite is named by the path of its YAML file. */
export function isSuiteFile(nameOrPath: string): boolean {
  return /\.ya?ml$/.test(nameOrPath)
}

const SHIPPED = fileURLToPath(new URL('../../benchmarks/suites/', import.meta.url))

/**
 * A suite by its name (benchmarks/suites), or by the path of its YAML file.
 * @throws UsageError when there is none of that name, or the file is wrong.
 */
export async function readSuiteDefinition(nameOrPath: string): Promise<SuiteDefinition> {
  if (isSuiteFile(nameOrPath)) return readFrom(nameOrPath)
  const names = (await readdir(SHIPPED)).map((file) => basename(file, '.yaml'))
  if (names.includes(nameOrPath)) return readFrom(resolve(SHIPPED, `${nameOrPath}.yaml`))
  if (await isFolder(nameOrPath))
    throw new UsageError(
      `${resolve(nameOrPath)} is a folder: expected the path of a .parquet, .jsonl, .tsv or .yaml file, such as one in it`,
    )
  const meant = didYouMean({ given: nameOrPath, candidates: names })
  throw new UsageError(
    `suite: expected ${names.join(', ')}, or the path of a .parquet, .jsonl, .tsv or .yaml file, got "${nameOrPath}"${meant === null ? '' : `; did you mean ${meant}?`}`,
  )
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  )
}

async function readFrom(path: string): Promise<SuiteDefinition> {
  return checkYaml({ file: await readYaml(path), schema: suiteSchema })
}
