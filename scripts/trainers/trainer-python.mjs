import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'

/**
 * A Python with packages from PyPI, installed into build/<name> the first time: with torch, gigabytes. One whose installation broke off, or had other packages, is made anew.
 * `atLeast`: which Python they need, such as [3, 12].
 */
export async function trainerPython({ name, packages, atLeast = [3, 0] }) {
  const folder = fileURLToPath(new URL(`../../build/${name}`, import.meta.url))
  const python = `${folder}/bin/python`
  // Written when pip has ended well.
  const mark = `${folder}/installed.json`
  const installed = JSON.stringify(packages)
  if (!existsSync(mark) || readFileSync(mark, 'utf8') !== installed) {
    await execa(await basePython(atLeast), ['-m', 'venv', '--clear', folder])
    await execa(python, ['-m', 'pip', 'install', '--quiet', ...packages], { stdio: 'inherit' })
    writeFileSync(mark, installed)
  }
  return python
}

async function basePython(atLeast) {
  const names = ['python3', 'python3.14', 'python3.13', 'python3.12']
  for (const name of names) {
    const test = `import sys; sys.exit(sys.version_info < (${atLeast.join(', ')}))`
    const { exitCode } = await execa(name, ['-c', test], { reject: false })
    if (exitCode === 0) return name
  }
  throw new Error(`expected a Python of ${atLeast.join('.')} or later, got none among ${names.join(', ')}`)
}
