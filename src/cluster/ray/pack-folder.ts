import { createHash } from 'node:crypto'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { zipSync, type Zippable } from 'fflate'
import ignore, { type Ignore } from 'ignore'
import { errorCode } from '../../core/error-code.js'
import { UsageError } from '../../core/errors.js'

/** A folder as a package of Ray: its name follows from what is in it. */
export interface RayPackage {
  name: string
  data: Uint8Array
  files: number
}

/** Files of these names say what to leave out, in the words of .gitignore. */
const IGNORE_FILES = ['.gitignore', '.rayignore']
/** Never wanted, and never small. */
const LEFT_OUT = new Set(['.git', 'node_modules'])
/** The dashboard takes no larger request. */
const MOST_BYTES = 100 * 2 ** 20
/** ZIP knows no time before. */
const EPOCH = new Date(1980, 0, 1)

/**
 * Pack a folder for the working directory of a job: without .git, node_modules and what .gitignore and .rayignore files name. The same files make the same bytes. Links are followed where they lead to files.
 * @param extra files beside, by their names in the package
 * @throws UsageError for a folder, or something in it, that cannot be read, and for one that is too large.
 */
export async function packFolder({
  folder,
  extra = {},
  mostBytes = MOST_BYTES,
}: {
  /** Null: what is given beside it, alone. */
  folder: string | null
  extra?: Readonly<Record<string, Uint8Array>>
  /** Packed; four times as much before that. */
  mostBytes?: number
}): Promise<RayPackage> {
  const found = new Map<string, { data: Uint8Array; mode: number }>()
  let size = 0
  if (folder !== null)
    await walk({
      folder,
      onFile: async ({ name, path, mode, bytes }) => {
        size += bytes
        if (size > 4 * mostBytes) throw tooLarge({ folder, found: size, what: 'before packing', mostBytes })
        const advice = `make it readable, or name it in ${join(folder, '.rayignore')}`
        found.set(name, { data: await readFile(path).catch(refuse({ folder, path, advice })), mode })
      },
    })
  for (const [name, data] of Object.entries(extra)) found.set(name, { data, mode: 0o644 })
  const entries: Zippable = {}
  for (const [name, { data, mode }] of [...found].sort(([a], [b]) => (a < b ? -1 : 1)))
    entries[name] = [data, { mtime: EPOCH, os: 3, attrs: ((0o100000 | mode) << 16) >>> 0 }]
  const data = zipSync(entries)
  if (data.length > mostBytes)
    throw tooLarge({ folder: folder ?? '', found: data.length, what: 'packed', mostBytes })
  const hash = createHash('sha256').update(data).digest('hex')
  return { name: `codevision_${hash.slice(0, 32)}.zip`, data, files: found.size }
}

interface FoundFile {
  /** Relative to the folder, with slashes. */
  name: string
  path: string
  /** Whoever may run it. */
  mode: number
  bytes: number
}

async function walk({
  folder,
  onFile,
}: {
  folder: string
  onFile: (file: FoundFile) => Promise<void>
}): Promise<void> {
  const visit = async (prefix: string, rules: readonly { prefix: string; rule: Ignore }[]): Promise<void> => {
    const path = join(folder, prefix)
    const entries = await readdir(path, { withFileTypes: true }).catch(
      refuse({ folder, path, advice: 'expected a folder that can be read' }),
    )
    const names = entries.map(({ name }) => name)
    const here = await readRules({ folder, path, names })
    const all = here === null ? rules : [...rules, { prefix, rule: here }]
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const inner = `${prefix}${entry.name}`
      const asked = entry.isDirectory() ? `${inner}/` : inner
      const isLeftOut = all.some(({ prefix, rule }) => rule.ignores(asked.slice(prefix.length)))
      if (LEFT_OUT.has(entry.name) || isLeftOut) continue
      if (entry.isDirectory()) await visit(`${inner}/`, all)
      else await give(inner)
    }
  }
  const give = async (name: string): Promise<void> => {
    const path = join(folder, name)
    // A link that leads nowhere is nothing, and one to a folder may lead in circles.
    const found = await stat(path).catch((cause: unknown) => {
      if (['ENOENT', 'ELOOP', 'ENOTDIR'].includes(errorCode(cause) ?? '')) return null
      return refuse({ folder, path, advice: 'expected a folder whose files can be reached' })(cause)
    })
    if (found?.isFile() !== true) return
    await onFile({ name, path, mode: (found.mode & 0o111) === 0 ? 0o644 : 0o755, bytes: found.size })
  }
  await visit('', [])
}

async function readRules({
  folder,
  path,
  names,
}: {
  folder: string
  path: string
  names: readonly string[]
}): Promise<Ignore | null> {
  const there = IGNORE_FILES.filter((name) => names.includes(name))
  if (there.length === 0) return null
  const rule = ignore()
  for (const name of there) {
    const file = join(path, name)
    const advice = 'expected a file that names what to leave out'
    rule.add(await readFile(file, 'utf8').catch(refuse({ folder, path: file, advice })))
  }
  return rule
}

function refuse({
  folder,
  path,
  advice,
}: {
  folder: string
  path: string
  advice: string
}): (cause: unknown) => never {
  return (cause) => {
    throw new UsageError(
      `--working-dir ${folder}: ${path} cannot be read (${errorCode(cause) ?? String(cause)}): ${advice}`,
      { cause },
    )
  }
}

function tooLarge({
  folder,
  found,
  what,
  mostBytes,
}: {
  folder: string
  found: number
  what: string
  mostBytes: number
}): UsageError {
  const inMebibytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(1)
  return new UsageError(
    `--working-dir ${folder}: expected at most ${inMebibytes(mostBytes)} MiB packed, which is what a Ray dashboard takes, got ${inMebibytes(found)} MiB ${what}. Name large files in ${join(folder, '.rayignore')}, and read them from storage that the nodes share.`,
  )
}
