import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, isAbsolute, join } from 'node:path'
import type { Environment } from './environment.js'

/** Where programs usually are, also where PATH does not say so. */
const USUAL_FOLDERS = ['/usr/bin', '/bin', '/usr/local/bin', '/usr/sbin', '/sbin', '/opt/bin']

/** A program's file: the first on PATH. Null where there is none. */
export function findProgram(name: string, environment: Environment = process.env): string | null {
  return firstIn((environment['PATH'] ?? '').split(delimiter), name)
}

/** A program that is installed in one of the usual folders, whether PATH names it or not. */
export function findUsualProgram(name: string): string | null {
  return firstIn(USUAL_FOLDERS, name)
}

function firstIn(folders: readonly string[], name: string): string | null {
  return folders.flatMap((folder) => (isAbsolute(folder) ? [join(folder, name)] : [])).find(isProgram) ?? null
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false // not there, or not ours to run: the same to whoever looks for it
  }
}
