import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'

/** A Python with packages from PyPI, installed into build/<name> the first time: with torch, gigabytes. */
export async function trainerPython({ name, packages }) {
  const folder = fileURLToPath(new URL(`../../build/${name}`, import.meta.url))
  const python = `${folder}/bin/python`
  if (!existsSync(python)) {
    await execa('python3', ['-m', 'venv', folder])
    await execa(python, ['-m', 'pip', 'install', '--quiet', ...packages], { stdio: 'inherit' })
  }
  return python
}
