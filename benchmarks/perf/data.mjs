// How fast rows with images are read, turned and written, beside pandas and pyarrow with Pillow (peers/data_peer.py), on the same files in the same run; each work in a process of its own,
// on one core and on two. The peers' packages are installed from peers/data.lock. Pixels of what was written must be the same.
//
//     npm run bench:data -- [--rows 300] [--cores 1,2] [--keep FOLDER] [--json FILE] [--page FILE.md]
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { machine } from '../../dist/benchmark/machine.js'
import { findProgram } from '../../dist/config/find-program.js'
import { findPython } from '../../dist/setup/find-python.js'
import { installPythonPackages } from '../../dist/setup/python-packages.js'
import { SOURCES } from './data-sources.mjs'

const { values: options } = parseArgs({
  options: {
    rows: { type: 'string', default: '300' },
    cores: { type: 'string', default: '1,2' },
    keep: { type: 'string' },
    json: { type: 'string' },
    page: { type: 'string' },
  },
})
const PEERS = ['codevision', 'pyarrow', 'pandas']
const WORKS = {
  read: 'read every row with its image',
  write: 'read, and write images as they are',
  transform: 'read, decode, turn by 90°, encode as PNG, write',
}
const MB = 1e6

const path = (name) => fileURLToPath(new URL(name, import.meta.url))
const folder = options.keep ?? mkdtempSync(join(tmpdir(), 'bench-data-'))
mkdirSync(folder, { recursive: true })
process.env.CODEVISION_CACHE ??= join(folder, 'cache')

try {
  const { python, site, versions } = await peers()
  const results = []
  for (const { name, describe, pillowLevel, write } of SOURCES) {
    const [made, source] = [join(folder, 'made.parquet'), join(folder, 'source.parquet')]
    console.log(`\nMaking ${options.rows} rows of ${name}`)
    await write(made, Number(options.rows))
    // The file is as others write them: row groups of 100, Snappy, dictionaries.
    execFileSync(python, [path('peers/data_peer.py'), site, 'rewrite', made, source])
    rmSync(made)
    const bytes = statSync(source).size
    console.log(`${name}: ${describe}; ${(bytes / MB).toFixed(0)} MB`)
    for (const [work, does] of Object.entries(WORKS)) {
      for (const cores of options.cores.split(',').map(Number)) {
        const pixels = new Map()
        for (const peer of PEERS) {
          const target = join(folder, `${peer}.parquet`)
          const figures = run({ peer, work, source, target, cores, python, site, level: pillowLevel })
          const written = work === 'read' ? null : statSync(target).size
          results.push({ source: name, sourceBytes: bytes, work, does, cores, peer, ...figures, written })
          tell(results.at(-1))
          if (work === 'transform')
            pixels.set(
              peer,
              execFileSync(python, [path('peers/data_peer.py'), site, 'pixels', target]).toString(),
            )
          rmSync(target, { force: true })
        }
        if (new Set(pixels.values()).size > 1)
          throw new Error(`${name}: pixels of what was written differ: ${JSON.stringify([...pixels])}`)
      }
    }
    rmSync(source)
  }
  const figures = {
    machine: machine(),
    date: new Date().toISOString(),
    rows: Number(options.rows),
    versions,
    results,
  }
  if (options.json) writeFileSync(options.json, `${JSON.stringify(figures, null, 2)}\n`)
  if (options.page) updatePage(options.page, figures)
} finally {
  if (options.keep === undefined) rmSync(folder, { recursive: true })
}

async function peers() {
  const interpreter = await findPython({})
  const lock = path('peers/data.lock')
  const imports = ['pandas', 'pyarrow.parquet', 'PIL.Image']
  const { python, site, versions } = await installPythonPackages({
    lock,
    interpreter,
    imports,
    onProgress: console.log,
  })
  return { python, site, versions }
}

/** One work in a process of its own, kept to so many cores. */
function run({ peer, work, source, target, cores, python, site, level }) {
  const command =
    peer === 'codevision'
      ? [process.execPath, path('data-own.mjs'), work, source, target]
      : [python, path('peers/data_peer.py'), site, peer, work, source, target, String(cores), String(level)]
  const taskset = findProgram('taskset')
  if (taskset === null)
    throw new Error('Expected taskset (util-linux), which keeps a process to some cores; install it.')
  const places = Array.from({ length: cores }, (_, core) => core).join(',')
  // What was learned of the file by the run before is not to be had.
  const cache = mkdtempSync(join(folder, 'fresh-'))
  try {
    const env = { ...process.env, CODEVISION_CACHE: cache }
    const out = execFileSync(taskset, ['-c', places, ...command], {
      env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const figures = JSON.parse(out)
    if (figures.rows !== Number(options.rows))
      throw new Error(`${peer}, ${work}: expected ${options.rows} rows, got ${figures.rows}`)
    return figures
  } finally {
    rmSync(cache, { recursive: true })
  }
}

function tell({ work, cores, peer, rows, seconds, cpuSeconds, peakBytes, written }) {
  console.log(
    `${work.padEnd(10)} ${cores} core${cores > 1 ? 's' : ' '}  ${peer.padEnd(11)} ${(rows / seconds).toFixed(1).padStart(8)} rows/s ` +
      `${cpuSeconds.toFixed(1).padStart(6)} s of processor ${(peakBytes / MB).toFixed(0).padStart(6)} MB` +
      (written === null ? '' : `   ${(written / MB).toFixed(0)} MB written`),
  )
}

/** The table of a page stands between two marks. */
function updatePage(file, { machine: place, date, rows, versions, results }) {
  const head = [
    'rows',
    'work',
    'cores',
    ...PEERS.map((peer) => `${peer}: rows/s · CPU ms/row · peak MB · written MB`),
  ]
  const lines = [`| ${head.join(' | ')} |`, `|${' --- |'.repeat(head.length)}`]
  for (const { name } of SOURCES)
    for (const work of Object.keys(WORKS))
      for (const cores of options.cores.split(',').map(Number)) {
        const cells = PEERS.map((peer) => {
          const found = results.find(
            (one) => one.source === name && one.work === work && one.cores === cores && one.peer === peer,
          )
          const { seconds, cpuSeconds, peakBytes, written } = found
          const parts = [
            (rows / seconds).toFixed(rows / seconds < 100 ? 1 : 0),
            ((1000 * cpuSeconds) / rows).toFixed(1),
          ]
          return [
            ...parts,
            (peakBytes / MB).toFixed(0),
            ...(written === null ? [] : [(written / MB).toFixed(0)]),
          ].join(' · ')
        })
        lines.push(`| ${name} | ${work} | ${cores} | ${cells.join(' | ')} |`)
      }
  const packages = ['pandas', 'pyarrow', 'pillow'].map((name) => `${name} ${versions[name]}`).join(', ')
  const measured = `${rows} rows each. ${place.processor}, ${place.cores} cores, Node ${place.node}, ${packages}; ${date.slice(0, 10)}.`
  const text = readFileSync(file, 'utf8')
  const [begin, end] = ['<!-- figures -->', '<!-- end of figures -->']
  const [before, after] = [text.split(begin)[0], text.split(end)[1]]
  if (before === undefined || after === undefined) throw new Error(`${file}: expected ${begin} and ${end}`)
  writeFileSync(file, `${before}${begin}\n${measured}\n\n${lines.join('\n')}\n${end}${after}`)
}
