import { readdir, stat } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { errorCode } from '../../core/error-code.js'
import { UsageError } from '../../core/errors.js'

export const PICTURE_EXTENSIONS = ['.jpg', '.jpeg', '.png', '.webp', '.bmp', '.tif', '.tiff', '.gif'] as const

/** The pictures of a folder. */
export interface FoundPictures {
  /** Relative to the folder, sorted. */
  names: readonly string[]
  /** What else is there, a sentence for each kind. */
  notices: readonly string[]
}

/**
 * The picture files in a folder and its sub-folders, told by the ends of their names. A symbolic link to a file counts as that file; one to a folder is not followed, since it
 * may lead back. Hidden files are passed over.
 * @throws UsageError when there is no such folder.
 */
export async function picturesIn(folder: string): Promise<FoundPictures> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((cause: unknown) => {
    if (errorCode(cause) === null) throw cause
    throw new UsageError(`${folder}: expected a folder of pictures; ${String(cause)}`, { cause })
  })
  const names: string[] = []
  const folderLinks: string[] = []
  const deadLinks: string[] = []
  const others: string[] = []
  for (const entry of entries) {
    const name = join(entry.parentPath, entry.name).slice(join(folder, '/').length)
    if (entry.isDirectory() || name.split('/').some((part) => part.startsWith('.'))) continue
    const target = entry.isSymbolicLink() ? await targetOf(join(folder, name)) : 'file'
    if (target === 'folder') folderLinks.push(name)
    else if (target === 'nowhere') deadLinks.push(name)
    else if (isPicture(name)) names.push(name)
    else others.push(name)
  }
  return {
    names: names.sort(),
    notices: [
      ...notice(`${folder}: left out are links to folders`, folderLinks),
      ...notice(`${folder}: left out are links that lead nowhere`, deadLinks),
      ...notice(`${folder}: left out are files that are no pictures by their names`, others),
    ],
  }
}

function isPicture(name: string): boolean {
  return (PICTURE_EXTENSIONS as readonly string[]).includes(extname(name).toLowerCase())
}

async function targetOf(link: string): Promise<'file' | 'folder' | 'nowhere'> {
  try {
    return (await stat(link)).isDirectory() ? 'folder' : 'file'
  } catch (cause) {
    if (errorCode(cause) === null) throw cause
    return 'nowhere'
  }
}

const NAMED = 3

function notice(what: string, names: string[]): string[] {
  if (names.length === 0) return []
  const more = names.length - NAMED
  return [`${what}: ${names.sort().slice(0, NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`]
}
