import { chmod, mkdir, mkdtemp, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeEach, expect, test } from '@jest/globals'
import { strFromU8, unzipSync } from 'fflate'
import { UsageError } from '../../core/errors.js'
import { packFolder } from './pack-folder.js'

const folders: string[] = []
let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'codevision-pack-'))
  folders.push(folder)
})

afterAll(async () => {
  for (const one of folders) await rm(one, { recursive: true })
})

async function write(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), text)
  }
}

test('the files of a folder are packed, without .git, node_modules and what is ignored at any depth', async () => {
  await write({
    'eval.yaml': 'suite: x',
    '.gitignore': 'runs/\n*.log',
    '.rayignore': '/big.bin',
    'runs/a/samples.jsonl': '{}',
    'big.bin': '0',
    'data/big.bin': '1',
    'data/.gitignore': 'secret.txt',
    'data/secret.txt': 's',
    'data/deep/out.log': 'l',
    'data/deep/rows.jsonl': '{}',
    'secret.txt': 'not this one',
    '.git/config': 'x',
    'node_modules/a/index.js': 'x',
  })
  const { data, files } = await packFolder({ folder, extra: { 'driver.py': Buffer.from('pass') } })
  const names = Object.keys(unzipSync(data)).sort()
  expect(names).toEqual([
    '.gitignore',
    '.rayignore',
    'data/.gitignore',
    'data/big.bin',
    'data/deep/rows.jsonl',
    'driver.py',
    'eval.yaml',
    'secret.txt',
  ])
  expect(files).toBe(names.length)
  expect(strFromU8(unzipSync(data)['eval.yaml'] ?? new Uint8Array())).toBe('suite: x')
})

test('the same files make the same package at another time, and another byte another one', async () => {
  await write({ 'a.txt': 'a', 'run.sh': 'echo' })
  const first = await packFolder({ folder })
  await utimes(join(folder, 'a.txt'), new Date(), new Date('2001-01-01'))
  expect(await packFolder({ folder })).toEqual(first)
  expect(first.name).toMatch(/^codevision_[0-9a-f]{32}\.zip$/)
  await chmod(join(folder, 'run.sh'), 0o755)
  const runnable = await packFolder({ folder })
  await write({ 'a.txt': 'b' })
  const changed = await packFolder({ folder })
  expect(new Set([first.name, runnable.name, changed.name]).size).toBe(3)
})

test('links to files are followed; those that lead nowhere or in circles are nothing', async () => {
  await write({ 'a.txt': 'a' })
  await symlink('a.txt', join(folder, 'link.txt'))
  await symlink('nowhere', join(folder, 'broken'))
  await symlink('.', join(folder, 'circle'))
  const { data } = await packFolder({ folder })
  expect(Object.keys(unzipSync(data)).sort()).toEqual(['a.txt', 'link.txt'])
})

test('a file that cannot be read is refused in words, with where to name it', async () => {
  // As for a file without the right to read it, for root too: it is there, and reading it fails.
  await symlink('/proc/self/mem', join(folder, 'memory'))
  const refused = packFolder({ folder })
  await expect(refused).rejects.toThrow(UsageError)
  await expect(refused).rejects.toThrow(
    `${folder}/memory cannot be read (EIO): make it readable, or name it in ${folder}/.rayignore`,
  )
  await write({ '.rayignore': 'memory' })
  expect((await packFolder({ folder })).files).toBe(1)
})

test('a folder of the name of a file that tells what to leave out is refused in words', async () => {
  await write({ 'inner/.gitignore/a.txt': 'a' })
  const refused = packFolder({ folder })
  await expect(refused).rejects.toThrow(UsageError)
  await expect(refused).rejects.toThrow(`${folder}/inner/.gitignore cannot be read (EISDIR): expected a file`)
})

test('a folder that is not there, and one that no dashboard would take, are refused with what to do', async () => {
  await expect(packFolder({ folder: join(folder, 'no') })).rejects.toThrow('cannot be read')
  await write({ 'rows.jsonl': '{}'.repeat(2_000) })
  const { data } = await packFolder({ folder, mostBytes: 1_000 })
  expect(data.length).toBeLessThan(1_000)
  await expect(packFolder({ folder, mostBytes: 100 })).rejects.toThrow('.rayignore')
  await expect(packFolder({ folder, mostBytes: data.length - 1 })).rejects.toThrow('MiB')
})
