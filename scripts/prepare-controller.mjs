// Fills build/controller with the package and its dependencies, for the target `controller` of the Dockerfile.
// npm run build && node scripts/prepare-controller.mjs [--arch x64|arm64]
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { execa } from 'execa'

const root = fileURLToPath(new URL('..', import.meta.url))
const target = join(root, 'build/controller')
const { values } = parseArgs({ options: { arch: { type: 'string', default: process.arch } } })

const packed = mkdtempSync(join(tmpdir(), 'codevision-controller-'))
try {
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
  console.log(`build/controller is ready: docker build --target controller .`)
} finally {
  rmSync(packed, { recursive: true, force: true })
}
