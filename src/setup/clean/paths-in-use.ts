import { readdir, readFile, readlink } from 'node:fs/promises'
import { join } from 'node:path'

/** Paths that a living process holds open, has mapped, stands in or was told on its command line. */
export interface PathsInUse {
  pid: number
  paths: readonly string[]
}

/** Which other processes use something below a folder, as far as this user may look (Linux; elsewhere none is found). */
export async function pathsInUse(folder: string): Promise<PathsInUse[]> {
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name)).map(Number)
  const found: PathsInUse[] = []
  for (const pid of pids) {
    if (pid === process.pid) continue
    const paths = (await pathsOf(pid)).filter((path) => path.includes(`${folder}/`))
    if (paths.length > 0) found.push({ pid, paths })
  }
  return found
}

/** What cannot be read is gone, or another user's. */
async function pathsOf(pid: number): Promise<string[]> {
  const place = `/proc/${pid}`
  const link = (path: string): Promise<string> => readlink(path).catch(() => '')
  const text = (name: string): Promise<string> => readFile(join(place, name), 'utf8').catch(() => '')
  const descriptors = await readdir(join(place, 'fd')).catch(() => [])
  return [
    ...(await Promise.all(descriptors.map((fd) => link(join(place, 'fd', fd))))),
    ...(await Promise.all(['cwd', 'exe'].map((name) => link(join(place, name))))),
    ...new Set((await text('maps')).split('\n').map((line) => line.slice(line.indexOf('/')))),
    ...(await text('cmdline')).split('\0'),
  ]
}
