// Makes py_sandbox/requirements*.lock and py_engine/requirements.lock from the .in beside them: exact versions, and the SHA-256 of each wheel for x86-64 and arm64.
// Run it after a version was changed: npm run build && node scripts/lock-python.mjs [sandbox|engine]
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { WHEEL_PLATFORMS, pipPlatformOptions } from '../dist/setup/wheel-platforms.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const LOCKS = [
  ...['requirements', 'requirements-test', 'requirements-pip'].map((name) => ({
    folder: join(root, 'py_sandbox'),
    name,
    wheels: downloadedWheels,
  })),
  // Five gigabytes for each machine: the index tells their hashes, nothing is downloaded.
  { folder: join(root, 'py_engine'), name: 'requirements', wheels: listedWheels },
]
/** Older C libraries than those of wheel-platforms.ts, for which some libraries of the GPU are built. */
const OLDER = ['_2_26', '_2_25', '_2_24', '_2_18', '_2_12', '_2_5', '2010', '1']

const [part] = process.argv.slice(2)
for (const { folder, name, wheels } of LOCKS.filter((lock) => lock.folder.endsWith(part ?? ''))) {
  /** `package==version` -> hashes of its wheels */
  const locked = new Map()
  for (const architecture of Object.keys(WHEEL_PLATFORMS)) {
    for (const { requirement, sha256 } of await wheels({ folder, name, architecture })) {
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
  console.log(`${folder}/${name}.lock: ${[...locked.keys()].join(', ')}`)
}

async function downloadedWheels({ folder, name, architecture }) {
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

async function listedWheels({ folder, name, architecture }) {
  const target = mkdtempSync(join(tmpdir(), 'codevision-lock-'))
  try {
    // Older pips download what they only list.
    await execa('python3', ['-m', 'venv', join(target, 'pip')])
    const pip = join(target, 'pip/bin/pip')
    await execa(pip, ['install', '--quiet', '--upgrade', 'pip'])
    const machine = architecture === 'x64' ? 'x86_64' : 'aarch64'
    const options = [
      ...['--dry-run', '--quiet', '--ignore-installed', '--report', join(target, 'report.json')],
      ...['--target', join(target, 'site'), '--requirement', join(folder, `${name}.in`)],
      ...pipPlatformOptions(architecture),
      ...OLDER.flatMap((version) => ['--platform', `manylinux${version}_${machine}`]),
    ]
    await execa(pip, ['install', ...options], { stdio: ['ignore', 'inherit', 'inherit'] })
    const { install } = JSON.parse(readFileSync(join(target, 'report.json'), 'utf8'))
    return install.map(({ metadata, download_info }) => ({
      requirement: `${metadata.name.replaceAll('_', '-')}==${metadata.version}`,
      sha256: download_info.archive_info.hashes.sha256,
    }))
  } finally {
    rmSync(target, { recursive: true, force: true })
  }
}
