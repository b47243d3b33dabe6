// Fills build/controller with the package and its dependencies, and build/node with the Node that runs it (the binary as npm has it), for the target
// `controller` of the Dockerfile.
//
// npm run build && node scripts/prepare-controller.mjs [--arch x64|arm64]
import { createHash } from 'node:crypto'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { execa } from 'execa'

const root = fileURLToPath(new URL('..', import.meta.url))
const target = join(root, 'build/controller')
const { values } = parseArgs({ options: { arch: { type: 'string', default: process.arch } } })

/** Node's binaries as npm packages of their own; checked against these hashes. */
const NODE = {
  version: '20.20.2',
  x64: 'sha512-PeHQM8wAdmHtZA1mBocygZxs5LiUWtsJezQTkBd0iY987KpGrD1O2tVEydvMZiuXceRanxt7rjTnDEBwOPujoQ==',
  arm64: 'sha512-LCXJnNTFiyGuYBw2gZSI5OBFMbkjAPt8sqD/NKrWoE2QmDgSubTqFng6GaNJ9EJ8HpxBMGcWWpbbcs4Vo+CnGg==',
}

async function fetchNode(folder) {
  const expected = NODE[values.arch]
  if (expected === undefined) throw new Error(`--arch: expected x64 or arm64, got ${values.arch}`)
  const nodeTarget = join(root, 'build/node')
  const stamp = join(nodeTarget, '.from')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === expected) return
  const name = `node-linux-${values.arch}@${NODE.version}`
  const { stdout } = await execa('npm', ['pack', '--silent', '--pack-destination', folder, name], {
    cwd: folder,
  })
  const file = join(folder, stdout.trim())
  const found = `sha512-${createHash('sha512').update(readFileSync(file)).digest('base64')}`
  if (found !== expected) throw new Error(`${name}: expected ${expected}, got ${found}`)
  rmSync(nodeTarget, { recursive: true, force: true })
  mkdirSync(nodeTarget, { recursive: true })
  await execa('tar', [
    '-xzf',
    file,
    '-C',
    nodeTarget,
    '--strip-components=1',
    'package/bin/node',
    'package/LICENSE',
  ])
  writeFileSync(stamp, expected)
}

const packed = mkdtempSync(join(tmpdir(), 'codevision-controller-'))
try {
  await fetchNode(packed)
  const { stdout } = await execa(
    'npm',
    ['pack', '--silent', '--ignore-scripts', '--pack-destination', packed],
    {
      cwd: root,
    },
  )
  rmSync(target, { recursive: true, force: true })
  mkdirSync(target, { recursive: true })
  await execa('tar', ['-xzf', join(packed, stdout.trim()), '-C', target, '--strip-components=1'])
  copyFileSync(join(root, 'package-lock.json'), join(target, 'package-lock.json'))
  // Binaries come as packages of their own, so no script of a dependency has to run.
  const platform = ['--os=linux', '--libc=glibc', `--cpu=${values.arch}`]
  await execa('npm', ['ci', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund', ...platform], {
    cwd: target,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  console.log(`build/controller and build/node are ready: docker build --target controller .`)
} finally {
  rmSync(packed, { recursive: true, force: true })
}
