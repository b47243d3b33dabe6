// Whether the mini world is fair: what must be cropped cannot be read in the model's view, and nothing can be guessed. The classical agent answers without tools from that
// view, and readers that are told where to look read, count, compare and add up the evidence in it; guesses are the most frequent answers. Ends with exit code 1 where a limit is passed.
//
//     npm run bench:mini-world -- [--rows 360] [--seed fair] [--view 50176] [--with-tools] [--keep FOLDER] [--json FILE]
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { guessAnswers } from '../../dist/data/mini-world/guess-answers.js'
import { DERIVED_KINDS, readDerived } from './read-derived.mjs'
import { readEvidence, readSpoilt } from './read-evidence.mjs'

const { values: options } = parseArgs({
  options: {
    rows: { type: 'string', default: '360' },
    seed: { type: 'string', default: 'fair' },
    view: { type: 'string', default: String(224 * 224) },
    'with-tools': { type: 'boolean', default: false },
    keep: { type: 'string' },
    json: { type: 'string' },
  },
})
/** Most that may be right, as a share, in `find` without tools and by guessing in either family. */
const LIMITS = { reader: 0.2, guess: 0.05 }
/** Least share that must be readable where it should be. */
const LEGIBLE = 0.75
/** The same where two values must be read, each of them in three quarters of the rows: 0.75², rounded up. */
const LEGIBLE_BOTH = 0.6
/** Rows whose evidence is read by one that is told where it is. */
const TOLD_ROWS = 120
/** Rows of each kind whose answer is worked out by one that is told where to look. */
const DERIVED_ROWS = 60

const program = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))
const folder = options.keep ?? mkdtempSync(join(tmpdir(), 'codevision-fairness-'))
const codevision = (...words) =>
  execFileSync(process.execPath, [program, ...words], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] })

try {
  // Clean pictures: corruption would only make the reader's work harder.
  codevision(
    'data',
    'synth',
    '--rows',
    options.rows,
    '--seed',
    options.seed,
    '--view',
    options.view,
    '--corrupted',
    '0',
    '--out',
    'world',
  )
  const reader = evaluate('reader', ['--no-tools'])
  const agent = options['with-tools'] ? evaluate('agent', []) : null
  const guesses = guessAnswers(reader.map(({ category, answers: [answer] }) => ({ category, answer })))
  const table = [...guesses]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([category, guess]) => ({
      category,
      rows: guess.rows,
      guessing: guess.right,
      'without tools': right(reader, category),
      ...(agent && { 'with tools': right(agent, category) }),
    }))
  const families = ['find', 'read'].map((family) =>
    sumOf(
      family,
      table.filter(({ category }) => category.startsWith(`${family}/`)),
    ),
  )
  console.table(
    Object.fromEntries([...table, ...families].map(({ category, ...row }) => [category, shares(row)])),
  )

  const told = {}
  for (const family of ['find', 'read'])
    told[family] = await readEvidence({
      family,
      rows: TOLD_ROWS,
      seed: options.seed,
      view: Number(options.view),
    })
  console.log('Upright, told where to look, OCR reads:')
  console.table(told)
  const derived = {}
  for (const family of ['find', 'read'])
    for (const kind of DERIVED_KINDS)
      derived[`${family}/${kind}`] = await readDerived({
        family,
        kind,
        rows: DERIVED_ROWS,
        seed: options.seed,
        view: Number(options.view),
      })
  console.log('Upright, told where to look, dots are counted (by what hangs together, by ink) and two values read and compared or added up:')
  console.table(derived)
  const spoilt = await readSpoilt({ rows: TOLD_ROWS / 4, seed: options.seed, view: Number(options.view) })
  console.log('Of spoilt pictures, in the original:')
  console.table(spoilt)
  const missed = families.flatMap((family) => [
    ...(family.guessing > LIMITS.guess * family.rows
      ? [`${family.category}: guessing is right too often`]
      : []),
    ...(family.category === 'find' && family['without tools'] > LIMITS.reader * family.rows
      ? ['find: too much can be read without cropping']
      : []),
  ])
  const { find, read } = told
  if (find.view > LIMITS.reader * find.rows)
    missed.push('find: told where to look, too much can be read without cropping')
  if (find.original < LEGIBLE * find.rows)
    missed.push('find: what is cropped from the original cannot be read either')
  if (read.view < LEGIBLE * read.rows) missed.push('read: what is large cannot be read in the view')
  for (const [category, { rows, view, original, 'view, by ink': byInk = 0 }] of Object.entries(derived)) {
    const isFind = category.startsWith('find/')
    const legible = (category.endsWith('/count') ? LEGIBLE : LEGIBLE_BOTH) * rows
    if (isFind && Math.max(view, byInk) > LIMITS.reader * rows)
      missed.push(`${category}: told where to look, too much can be worked out without cropping`)
    if (original < legible)
      missed.push(`${category}: what is cropped from the original cannot be worked out either`)
    if (!isFind && view < legible) missed.push(`${category}: what is large cannot be worked out in the view`)
  }
  if (options.json)
    writeFileSync(
      options.json,
      `${JSON.stringify({ ...options, limits: LIMITS, table, families, told, derived, spoilt, missed }, null, 2)}\n`,
    )
  for (const sentence of missed) console.error(`MISSED  ${sentence}`)
  if (missed.length > 0) process.exitCode = 1
} finally {
  if (options.keep === undefined) rmSync(folder, { recursive: true })
}

function evaluate(name, words) {
  codevision(
    'eval',
    'world/rows.parquet',
    '--policy',
    'tesseract',
    '--judge',
    'none',
    '--profile',
    'strict',
    '--max-pixels',
    options.view,
    '--name',
    name,
    '--output',
    'runs',
    ...words,
  )
  const lines = readFileSync(join(folder, 'runs', name, 'samples.jsonl'), 'utf8').split('\n')
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line))
}

function right(samples, category) {
  return samples.filter((sample) => sample.category === category && sample.outcome === 'correct').length
}

function sumOf(category, rows) {
  const sum = (column) => rows.reduce((total, row) => total + row[column], 0)
  return Object.fromEntries([
    ['category', category],
    ...Object.keys(rows[0] ?? {})
      .slice(1)
      .map((column) => [column, sum(column)]),
  ])
}

function shares({ rows, ...counts }) {
  return {
    rows,
    ...Object.fromEntries(
      Object.entries(counts).map(([name, count]) => [name, `${((100 * count) / rows).toFixed(1)} %`]),
    ),
  }
}
