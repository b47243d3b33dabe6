import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'

/** A Python with packages from PyPI, installed into build/<name> the first time: with torch, gigabytes. One whose installation broke off, or had other packages, is made anew. */
export async function trainerPython({ name, packages }) {
  const folder = fileURLToPath(new URL(`../../build/${name}`, import.meta.url))
  const python = `${folder}/bin/python`
  // Written when pip has ended well.
  const mark = `${folder}/installed.json`
  const installed = JSON.stringify(packages)
  if (!existsSync(mark) || readFileSync(mark, 'utf8') !== installed) {
    await execa('python3', ['-m', 'venv', '--clear', folder])
    await execa(python, ['-m', 'pip', 'install', '--quiet', ...packages], { stdio: 'inherit' })
    writeFileSync(mark, installed)
  }
  return python
}
