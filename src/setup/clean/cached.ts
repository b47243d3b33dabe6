import { randomUUID } from 'node:crypto'
import { lstat, mkdir, readdir, realpath, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { liveOwner } from '../../config/process-lock.js'
import type { Leftover } from './leftover.js'
import { pathsInUse } from './paths-in-use.js'
import { sizeOf } from './size-of.js'

/** Folders of the cache directory: how deep the single things lie in them, and what brings them back. */
const CACHES = [
  { name: 'replies', depth: 0, what: 'replies of models and judges; asked for, and paid for, again' },
  { name: 'data', depth: 0, what: 'what was read of data files; read again' },
  { name: 'datasets', depth: 2, what: 'data sets of the hub; downloaded again' },
  { name: 'python', depth: 1, what: 'prepared Pythons; made again by codevision setup' },
  { name: 'wheels', depth: 0, what: "packages of the sandbox's image; downloaded again" },
  { name: 'tfjs', depth: 1, what: 'native backends of the engine; built again by codevision setup tfjs' },
] as const

/** Where what is being removed is put first: nobody finds half of it at its place. */
const REMOVING = '.removing'

/**
 * What the cache directory holds, by names under which it can be chosen.
 * @param parameters.living processes of this program that live: what they have read may be needed again
 */
export async function cachedThings({
  cache,
  living,
}: {
  cache: string
  living: readonly number[]
}): Promise<Leftover[]> {
  // The system names files by where they really are, command lines as they were written.
  const roots = [...new Set([cache, await realpath(cache).catch(() => cache)])]
  const users = (await Promise.all(roots.map(pathsInUse))).flat()
  const things: Leftover[] = []
  for (const { name, depth, what } of CACHES) {
    for (const path of await below({ path: join(cache, name), depth })) {
      const places = roots.map((root) => root + path.slice(cache.length))
      const open = users.find(({ paths }) =>
        paths.some((used) => places.some((place) => used.includes(`${place}/`) || used.endsWith(place))),
      )
      const pid = open?.pid ?? living[0] ?? (await downloaderOf(path))
      things.push({
        name: path.slice(cache.length + 1),
        what,
        bytes: await sizeOf(path),
        usedBy: pid === null ? null : `process ${pid}`,
        remove: () => removeFrom({ cache, path }),
      })
    }
  }
  const rest = join(cache, REMOVING)
  if (await isFolder(rest))
    things.push({
      name: REMOVING,
      what: 'what was removed and not to its end',
      bytes: await sizeOf(rest),
      usedBy: null,
      remove: () => rm(rest, { recursive: true, force: true }),
    })
  return things
}

async function below({ path, depth }: { path: string; depth: number }): Promise<string[]> {
  if (!(await isFolder(path))) return []
  if (depth === 0) return [path]
  const names = (await readdir(path)).sort()
  return (await Promise.all(names.map((name) => below({ path: join(path, name), depth: depth - 1 })))).flat()
}

/** The process that downloads a data set right now. */
async function downloaderOf(path: string): Promise<number | null> {
  for (const name of await readdir(path)) {
    const owner = name.endsWith('.lock') ? await liveOwner(join(path, name)) : null
    if (owner !== null) return owner.pid
  }
  return null
}

async function removeFrom({ cache, path }: { cache: string; path: string }): Promise<void> {
  const aside = join(cache, REMOVING)
  await mkdir(aside, { recursive: true })
  const place = join(aside, randomUUID())
  await rename(path, place)
  await rm(place, { recursive: true, force: true })
  await rm(aside, { recursive: true, force: true })
}

async function isFolder(path: string): Promise<boolean> {
  return lstat(path).then(
    (found) => found.isDirectory(),
    () => false,
  )
}
