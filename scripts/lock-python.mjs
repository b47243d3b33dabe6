// Makes py_sandbox/requirements*.lock from the requirements*.in beside them: exact versions, and the SHA-256 of each wheel for x86-64 and arm64.
// Run it after a version was changed: npm run build && node scripts/lock-python.mjs
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { WHEEL_PLATFORMS, pipPlatformOptions } from '../dist/setup/wheel-platforms.js'

const folder = fileURLToPath(new URL('../py_sandbox/', import.meta.url))

for (const name of ['requirements', 'requirements-test', 'requirements-pip']) {
  /** `package==version` -> hashes of its wheels */
  const locked = new Map()
  for (const architecture of Object.keys(WHEEL_PLATFORMS)) {
    for (const { requirement, sha256 } of await wheels({ name, architecture })) {
      locked.set(requirement, new Set([...(locked.get(requirement) ?? []), sha256]))
    }
  }
  const lines = [...locked]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([requirement, hashes]) =>
      [requirement, ...[...hashes].sort().map((hash) => `    --hash=sha256:${hash}`)].join(' \\\n'),
    )
  const header = `# Made from ${name}.in by scripts/lock-python.mjs: wheels for CPython 3.11 on Linux, x86-64 and arm64.`
  writeFileSync(join(folder, `${name}.lock`), `${[header, ...lines].join('\n')}\n`)
  console.log(`${name}.lock: ${[...locked.keys()].join(', ')}`)
}

async function wheels({ name, architecture }) {
  const target = mkdtempSync(join(tmpdir(), 'codevision-lock-'))
  try {
    const options = [
      '--requirement',
      join(folder, `${name}.in`),
      '--dest',
      target,
      ...pipPlatformOptions(architecture),
    ]
    await execa('python3', ['-m', 'pip', 'download', '--quiet', ...options], {
      stdio: ['ignore', 'inherit', 'inherit'],
    })
    return readdirSync(target).map((file) => {
      const [distribution, version] = file.split('-')
      const sha256 = createHash('sha256')
        .update(readFileSync(join(target, file)))
        .digest('hex')
      return { requirement: `${distribution.replaceAll('_', '-')}==${version}`, sha256 }
    })
  } finally {
    rmSync(target, { recursive: true, force: true })
  }
}
