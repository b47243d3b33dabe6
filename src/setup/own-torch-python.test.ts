import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { execa } from 'execa'
import { withEnvironment } from '../config/testing/with-environment.js'
import { findPython } from './find-python.js'
import { ownTorchPython } from './own-torch-python.js'
import { findTorchEnvironment } from './torch-environment.js'

let folder: string
let python: string
let site: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'codevision-own-torch-'))
  const { path } = await findPython()
  await execa(path, ['-m', 'venv', '--without-pip', folder])
  python = join(folder, 'bin', 'python3')
  site = join(folder, 'lib', 'python3.11', 'site-packages')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

/** What an interpreter knows of installed packages without importing them. */
async function pretend(versions: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, version] of Object.entries(versions)) {
    const described = join(site, `${name}-${version}.dist-info`)
    await mkdir(described)
    await writeFile(
      join(described, 'METADATA'),
      `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n`,
    )
  }
  await mkdir(join(site, 'torch'))
  await writeFile(join(site, 'torch', '__init__.py'), '')
}

const VERSIONS = {
  ...{ torch: '2.11.0', transformers: '5.17.0', peft: '0.20.0' },
  ...{ safetensors: '0.8.0', numpy: '2.5.2' },
}

test('the interpreter that CODEVISION_TORCH_PYTHON names is taken with its packages, a virtual environment as itself', async () => {
  await pretend(VERSIONS)
  await withEnvironment(
    () => ({ CODEVISION_TORCH_PYTHON: python }),
    async () => expect(await findTorchEnvironment()).toMatchObject({ python, site, versions: VERSIONS }),
  )
})

test('one without the packages is refused, and they are named', async () => {
  await expect(ownTorchPython({ name: python })).rejects.toThrow(
    /got one without torch, transformers, peft, safetensors, numpy\. .*setup python --torch/,
  )
})

test('one with transformers of another series is refused', async () => {
  await pretend({ ...VERSIONS, transformers: '4.57.1' })
  await expect(ownTorchPython({ name: python })).rejects.toThrow(
    /transformers 5\.x.*got transformers 4\.57\.1/,
  )
})

test('a description of torch without torch is refused', async () => {
  await pretend(VERSIONS)
  await rm(join(site, 'torch'), { recursive: true })
  await expect(ownTorchPython({ name: python })).rejects.toThrow(
    /got one with the description of torch, and without torch itself/,
  )
})

test('what greets before it answers is taken, what answers otherwise is refused', async () => {
  await pretend(VERSIONS)
  const wrapper = join(folder, 'wrapper')
  await writeFile(wrapper, `#!/bin/sh\necho hello\nexec ${python} "$@"\n`, { mode: 0o755 })
  expect(await ownTorchPython({ name: wrapper })).toMatchObject({ python, site })
  await writeFile(wrapper, '#!/bin/sh\necho hello\n')
  await expect(ownTorchPython({ name: wrapper })).rejects.toThrow(/does not answer as a Python does/)
})

test('a folder is refused without the program that was to be run', async () => {
  const failure = ownTorchPython({ name: folder })
  await expect(failure).rejects.toThrow(/got one that does not run: /)
  await expect(failure).rejects.not.toThrow(/import/)
})

test('what is no program is refused', async () => {
  await expect(ownTorchPython({ name: join(folder, 'nothing') })).rejects.toThrow(/got no such program/)
})
