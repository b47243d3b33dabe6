import { basename, isAbsolute, relative, resolve } from 'node:path'
import { isUnderNpx, type Environment } from '../config/environment.js'
import { findProgram } from '../config/find-program.js'

/** The words that start this program again, as it was started: by npx, by its name on PATH, by the path of its link, or as a script of Node. */
export function startedProgram({
  script = process.argv[1] ?? 'codevision',
  environment,
  nodeOptions = process.execArgv,
  node = process.execPath,
  folder = process.cwd(),
}: {
  script?: string
  environment?: Environment | undefined
  nodeOptions?: readonly string[]
  node?: string
  folder?: string
} = {}): string[] {
  const name = basename(script)
  const path = resolve(folder, script)
  if (name === 'codevision') {
    if (isUnderNpx(environment)) return ['npx', name]
    return [findProgram(name, environment) === path ? name : nearPath({ path, folder })]
  }
  const onPath = basename(node)
  const isOnPath = findProgram(onPath, environment) !== null
  return [isOnPath ? onPath : node, ...nodeOptions, nearPath({ path, folder })]
}

/** As it is typed in the working directory, where it lies below. */
function nearPath({ path, folder }: { path: string; folder: string }): string {
  const near = relative(folder, path)
  if (near.startsWith('..') || isAbsolute(near)) return path
  return near.includes('/') ? near : `./${near}`
}
