import { constants } from 'node:fs'
import { lstat, open, readlink, realpath, type FileHandle } from 'node:fs/promises'
import { isAbsolute, parse, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { errorCode } from '../../core/error-code.js'
import type { ServiceError } from '../service-error.js'
import type { ImageRoots } from './image-roots.js'
import { cannotOpen, fileTooLarge } from './refusals.js'

/** Neither a FIFO nor a terminal may hold up the server or become its own. */
const FLAGS = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY

/** As many as Linux follows. */
const MOST_LINKS = 40

export interface RootedFileParameters {
  /** Absolute, relative to one of the roots, or a file: URL. */
  path: string
  roots: ImageRoots
  maxBytes: number
}

/**
 * The bytes of a regular file that lies within the roots wherever its links lead. What lies outside is not looked at: the answer is the same whether it is there or not.
 * @throws ServiceError (422).
 */
export async function readRootedFile({
  path: given,
  roots,
  maxBytes,
}: RootedFileParameters): Promise<Buffer> {
  const path = await locate({ given, roots })
  const file = await open(path, FLAGS).catch((cause: unknown) => {
    throw unreadable(given, cause)
  })
  try {
    // A folder of the path could have been replaced by a link since; what counts is the file that was opened.
    if (!roots.contains(await whereItIs(file, path))) throw outside(given, roots)
    const status = await file.stat()
    if (!status.isFile())
      throw cannotOpen({
        message: `${given} is no regular file.`,
        hint: 'Name an image file.',
      })
    if (status.size > maxBytes) throw fileTooLarge({ what: given, limit: maxBytes })
    return await readAtMost({ file, given, maxBytes })
  } finally {
    await file.close()
  }
}

async function locate({ given, roots }: { given: string; roots: ImageRoots }): Promise<string> {
  const path = pathOf(given)
  // Without `..`, which would be answered by whether the folder before it is there.
  const candidates = new Set(roots.folders.map((folder) => resolve(folder, path)))
  const inside = [...candidates].filter((candidate) => roots.contains(candidate))
  if (inside.length === 0) throw outside(given, roots)
  let failure: ServiceError | undefined
  for (const candidate of inside) {
    try {
      const real = await realpath(candidate)
      if (roots.contains(real)) return real
      failure ??= outside(given, roots)
    } catch (cause) {
      const isInside = roots.contains(await wouldLieAt(candidate))
      failure ??= isInside ? unreadable(given, cause) : outside(given, roots)
    }
  }
  throw failure ?? outside(given, roots)
}

/** Where a file would lie whose path cannot be resolved: the links on its way are followed as far as they lead. */
async function wouldLieAt(path: string): Promise<string> {
  let place = parse(path).root
  let names = path.slice(place.length).split(sep)
  let links = 0
  for (let name = names.shift(); name !== undefined; name = names.shift()) {
    const here = resolve(place, name)
    const status = await lstat(here).catch(() => null)
    // Nothing is there, or it may not be looked at.
    if (status === null) return [here, ...names].join(sep)
    const isLink = status.isSymbolicLink() && ++links <= MOST_LINKS
    const target = isLink ? await readlink(here).catch(() => null) : null
    if (target === null) place = here
    else if (isAbsolute(target)) {
      place = parse(target).root
      names = [...target.slice(place.length).split(sep), ...names]
    } else names = [...target.split(sep), ...names]
  }
  return place
}

function pathOf(given: string): string {
  if (given.includes('\0'))
    throw cannotOpen({ message: 'The path holds a null byte.', hint: 'Leave it out.' })
  if (!/^file:/i.test(given)) return given
  try {
    return fileURLToPath(given)
  } catch (cause) {
    throw cannotOpen({
      message: `${given.slice(0, 200)} is no URL of a file on this machine.`,
      hint: 'Write file:///folder/picture.png, or the path alone.',
      cause,
    })
  }
}

/** Of an open file, where it lies now; where the system cannot say, where its path leads now. */
async function whereItIs(file: FileHandle, path: string): Promise<string> {
  if (process.platform === 'linux') return readlink(`/proc/self/fd/${file.fd}`)
  return realpath(path)
}

/** No more than that, also where the file grows meanwhile. */
async function readAtMost({
  file,
  given,
  maxBytes,
}: {
  file: FileHandle
  given: string
  maxBytes: number
}): Promise<Buffer> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of file.createReadStream({ end: maxBytes, autoClose: false })) {
    parts.push(part as Buffer)
    size += (part as Buffer).length
  }
  if (size > maxBytes) throw fileTooLarge({ what: given, limit: maxBytes })
  return Buffer.concat(parts)
}

function outside(given: string, roots: ImageRoots): ServiceError {
  return cannotOpen({
    message: `${given.slice(0, 300)} does not lie in a folder that may be read.`,
    hint: roots.isEmpty
      ? 'No folder may be read: start the server with --root DIR, or hand over the image as data.'
      : `Name a file under ${roots.folders.join(', ')}.`,
  })
}

function unreadable(given: string, cause: unknown): ServiceError {
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: 'there is no such file',
    ENOTDIR: 'there is no such file',
    EACCES: 'the server may not read it',
    ENAMETOOLONG: 'the path is too long',
    ELOOP: 'its links lead in a circle',
  }
  const code = errorCode(cause) ?? 'unknown'
  return cannotOpen({
    message: `${given.slice(0, 300)} cannot be read: ${reasons[code] ?? code}.`,
    hint: 'Check the path.',
    cause,
  })
}
