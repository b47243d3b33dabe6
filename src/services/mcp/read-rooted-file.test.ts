import { mkdir, mkdtemp, realpath, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { execFileSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { ServiceError } from '../service-error.js'
import { ImageRoots } from './image-roots.js'
import { readRootedFile } from './read-rooted-file.js'

let folder: string
let pictures: string
let roots: ImageRoots

beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'codevision-roots-')))
  pictures = join(folder, 'pictures')
  await mkdir(join(pictures, 'deep'), { recursive: true })
  await mkdir(join(folder, 'pictures-of-others'))
  await writeFile(join(pictures, 'a.png'), 'inside')
  await writeFile(join(pictures, 'deep', 'b.png'), 'deeper')
  await writeFile(join(folder, 'secret'), 'outside')
  await writeFile(join(folder, 'pictures-of-others', 'c.png'), 'outside')
  await symlink(join(folder, 'secret'), join(pictures, 'link-out'))
  await symlink(folder, join(pictures, 'folder-out'))
  await symlink(join(folder, 'no-secret'), join(pictures, 'link-out-to-nothing'))
  await symlink('a.png', join(pictures, 'link-in'))
  await symlink('nothing.png', join(pictures, 'link-in-to-nothing'))
  await symlink('circle', join(pictures, 'circle'))
  await symlink(pictures, join(folder, 'way-in'))
  execFileSync('mkfifo', [join(pictures, 'fifo')])
  roots = await ImageRoots.of([join(folder, 'way-in')])
})

afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
})

async function read(path: string, maxBytes = 100): Promise<string> {
  return (await readRootedFile({ path, roots, maxBytes })).toString()
}

async function refusal(path: string, maxBytes = 100): Promise<string> {
  const error: unknown = await read(path, maxBytes).catch((reason: unknown) => reason)
  if (!(error instanceof ServiceError)) throw new Error(`expected a refusal, got ${String(error)}`)
  return error.message
}

describe('a file within the roots is read', () => {
  test('by its path, relative or absolute, as a file: URL, and through links that stay inside', async () => {
    expect(await read('a.png')).toBe('inside')
    expect(await read('./deep/../a.png')).toBe('inside')
    expect(await read(join(pictures, 'deep/b.png'))).toBe('deeper')
    expect(await read(pathToFileURL(join(pictures, 'a.png')).href)).toBe('inside')
    expect(await read('link-in')).toBe('inside')
    expect(await read('folder-out/pictures/a.png')).toBe('inside')
  })

  test('of any of them, the first that has it', async () => {
    const both = await ImageRoots.of([join(folder, 'pictures-of-others'), pictures])
    const bytes = await readRootedFile({ path: 'deep/b.png', roots: both, maxBytes: 100 })
    expect(bytes.toString()).toBe('deeper')
  })

  test('up to a size, and no further', async () => {
    expect(await read('a.png', 6)).toBe('inside')
    expect(await refusal('a.png', 5)).toContain('larger than')
  })
})

describe('a file outside of the roots is not read', () => {
  test.each([
    ['by its path', () => join(folder, 'secret')],
    ['by a relative path that climbs out', () => '../secret'],
    ['by a path that begins in a root and climbs out', () => join(pictures, '..', 'secret')],
    ['as a file: URL with escaped dots', () => `${pathToFileURL(pictures).href}/%2e%2e/secret`],
    ['through a link to it', () => 'link-out'],
    ['through a link to its folder', () => 'folder-out/secret'],
    ['in a folder whose name begins like a root', () => join(folder, 'pictures-of-others', 'c.png')],
    ['from the file system of processes', () => '/proc/self/environ'],
  ])('%s', async (_, path) => {
    expect(await refusal(path())).toContain('does not lie in a folder that may be read')
  })

  test.each([
    ['by its path', () => [join(folder, 'secret'), join(folder, 'no-secret')]],
    ['through a link to its folder', () => ['folder-out/secret', 'folder-out/no-secret']],
    ['below it, as if it were a folder', () => ['folder-out/secret/a', 'folder-out/no-secret/a']],
    ['in a folder there', () => ['folder-out/pictures-of-others/no', 'folder-out/no/no']],
    ['through a link to it', () => ['link-out', 'link-out-to-nothing']],
    ['with a name that is too long', () => ['folder-out/secret', `folder-out/${'secret'.repeat(100)}`]],
  ])('and the answer does not tell whether it is there: %s', async (_, paths) => {
    const answers = await Promise.all(paths().map((path) => refusal(path)))
    for (const answer of answers) expect(answer).toMatch(/^\S+ does not lie in a folder that may be read\.$/)
  })

  test('nor is a folder there found by climbing out of it again', async () => {
    for (const name of ['pictures-of-others', 'no-such-folder']) {
      expect(await read(join(pictures, `folder-out/${name}/../pictures/a.png`))).toBe('inside')
      expect(await read(`folder-out/${name}/../pictures/a.png`)).toBe('inside')
    }
  })

  test('where no root is given at all', async () => {
    const none = await ImageRoots.of([])
    const reading = readRootedFile({ path: join(pictures, 'a.png'), roots: none, maxBytes: 100 })
    await expect(reading).rejects.toMatchObject({ hint: expect.stringContaining('--root DIR') })
  })

  test('where a folder on the way becomes a link again and again while files are opened', async () => {
    const shaky = join(pictures, 'shaky')
    await mkdir(shaky)
    await writeFile(join(shaky, 'secret'), 'harmless')
    let isOver = false
    const swapping = (async () => {
      while (!isOver) {
        await rename(shaky, join(pictures, 'aside'))
        await symlink(folder, shaky)
        await rm(shaky)
        await rename(join(pictures, 'aside'), shaky)
      }
    })()
    const seen = new Set<string>()
    for (let round = 0; round < 500; round++) seen.add(await read('shaky/secret').catch(() => 'refused'))
    isOver = true
    await swapping
    expect([...seen]).not.toContain('outside')
  })
})

describe('what is no image file in a root is told', () => {
  test.each([
    ['nothing.png', 'there is no such file'],
    ['a.png/b', 'there is no such file'],
    ['deep', 'no regular file'],
    ['fifo', 'no regular file'],
    ['circle', 'circle'],
    ['link-in-to-nothing', 'there is no such file'],
    ['folder-out/pictures/nothing.png', 'there is no such file'],
    ['a\0.png', 'null byte'],
    [`${'long'.repeat(100)}.png`, 'too long'],
    ['file://other-machine/a.png', 'no URL of a file on this machine'],
  ])('%j: %s', async (path, message) => {
    expect(await refusal(path)).toContain(message)
  })

  test('of a path of many folders, too', async () => {
    expect(await refusal('a/'.repeat(100_000))).toContain('cannot be read')
  })
})

test('a root that is no folder is refused at the start', async () => {
  await expect(ImageRoots.of([join(pictures, 'a.png')])).rejects.toThrow('expected a folder, got a file')
  await expect(ImageRoots.of([join(folder, 'nowhere')])).rejects.toThrow('--root')
})
