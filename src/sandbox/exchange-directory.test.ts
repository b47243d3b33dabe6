import { execFileSync } from 'node:child_process'
import { lstat, mkdir, mkdtemp, readFile, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { ExchangeDirectory } from './exchange-directory.js'

let exchange: ExchangeDirectory
let elsewhere: string

beforeEach(async () => {
  exchange = await ExchangeDirectory.create({ owner: process.getuid?.() })
  elsewhere = join(tmpdir(), `codevision-elsewhere-${process.pid}`)
  await writeFile(elsewhere, 'precious')
})

afterEach(async () => {
  await exchange.close()
  await rm(elsewhere, { force: true })
})

const here = (name: string): string => join(exchange.path, name)

test('what was written is read again, and gone when it is removed', async () => {
  const name = exchange.newName('file')
  await exchange.write(name, Buffer.from('pixels'))
  expect(exchange.bytes).toBe(6)
  expect(await exchange.read(name, 6)).toEqual(Buffer.from('pixels'))
  await exchange.remove(name)
  await exchange.remove(name)
  expect(exchange.bytes).toBe(0)
  await expect(exchange.read(name, 6)).rejects.toThrow('could not be read')
})

describe('what a hostile host puts in the place of a file', () => {
  test('a link is not followed, neither to read nor to write', async () => {
    await symlink(elsewhere, here('link'))
    await expect(exchange.read('link', 8)).rejects.toThrow('could not be read')
    await expect(exchange.write('link', Buffer.from('overwritten'))).rejects.toThrow('could not be written')
    expect(await readFile(elsewhere, 'utf8')).toBe('precious')
    await exchange.remove('link')
    expect((await stat(elsewhere)).size).toBe(8)
  })

  test('a FIFO holds up nobody', async () => {
    execFileSync('mkfifo', [here('fifo')])
    await expect(exchange.read('fifo', 8)).rejects.toThrow('expected a file of 8 bytes')
    await exchange.remove('fifo')
  })

  test('a folder is removed with what is in it', async () => {
    await mkdir(here('folder/deeper'), { recursive: true })
    await expect(exchange.read('folder', 8)).rejects.toThrow('could not be read')
    await exchange.remove('folder')
    await expect(lstat(here('folder'))).rejects.toThrow('ENOENT')
  })

  test('a file of another size, or of more than any image has, is refused', async () => {
    await writeFile(here('large'), '')
    await truncate(here('large'), 2 ** 40)
    await expect(exchange.read('large', 8)).rejects.toThrow('expected a file of 8 bytes, got 1099511627776')
    await expect(exchange.read('large', 2 ** 40)).rejects.toThrow('more than any image has')
  })
})

test('what nobody owns is swept away', async () => {
  const name = exchange.newName('pixels')
  await exchange.write(name, Buffer.from('kept'))
  await writeFile(here('stray'), 'x')
  await exchange.sweep()
  expect(await exchange.read(name, 4)).toEqual(Buffer.from('kept'))
  await expect(lstat(here('stray'))).rejects.toThrow('ENOENT')
})

test('more than the limit is refused with what to do', async () => {
  const small = await ExchangeDirectory.create({ owner: undefined, maxBytes: 10 })
  try {
    await expect(small.write(small.newName('file'), Buffer.alloc(11))).rejects.toMatchObject({
      message: expect.stringContaining('raise maxBytes'),
      isRetryable: true,
    })
  } finally {
    await small.close()
  }
})

test('a directory that is closed touches no other, though its descriptor is used again', async () => {
  const parent = await mkdtemp(join(tmpdir(), 'codevision-shared-'))
  try {
    const first = await ExchangeDirectory.create({ owner: undefined, parent })
    const name = first.newName('file')
    await first.write(name, Buffer.from('x'))
    await first.close()
    const second = await ExchangeDirectory.create({ owner: undefined, parent })
    const kept = second.newName('file')
    await second.write(kept, Buffer.from('kept'))
    await first.sweep()
    await first.remove(kept)
    await first.close()
    await expect(first.read(kept, 4)).rejects.toThrow('is closed')
    await expect(first.write('other', Buffer.from('x'))).rejects.toThrow('is closed')
    expect(await second.read(kept, 4)).toEqual(Buffer.from('kept'))
    await second.close()
  } finally {
    await rm(parent, { recursive: true })
  }
})
