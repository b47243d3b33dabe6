import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { SandboxError } from '../core/errors.js'
import { buildSandboxImage, imageTag } from './docker-image.js'
import { fetchWheels } from './fetch-wheels.js'
import { packageDirectory, pySandboxDirectory, pythoniaPackage } from './package-paths.js'
import { withEnvironment } from '../config/testing/with-environment.js'

describe('imageTag', () => {
  test('is the same each time, and a name that an engine accepts', async () => {
    expect(await imageTag()).toMatch(/^codevision-sandbox:[0-9a-f]{16}$/)
    expect(await imageTag()).toBe(await imageTag())
  })
})

describe('fetchWheels', () => {
  test('where no index can be reached it says what it tried, and keeps nothing', () =>
    withEnvironment(
      (folder) => ({
        CODEVISION_CACHE: folder,
        PIP_NO_INDEX: '1',
        PIP_FIND_LINKS: folder,
        PIP_NO_CACHE_DIR: '1',
      }),
      async (folder) => {
        const failure = fetchWheels({ architecture: 'arm64' })
        await expect(failure).rejects.toThrow(SandboxError)
        await expect(failure).rejects.toThrow(/needs a Python 3 with pip and a package index/)
        expect(await readdir(join(folder, 'wheels'))).toEqual([])
      },
    ))
})

describe('buildSandboxImage', () => {
  test('without an engine it says how to get one', () =>
    withEnvironment(
      (folder) => ({ PATH: folder }),
      async () => {
        await expect(buildSandboxImage({ binary: 'podman' })).rejects.toThrow(
          /podman is not installed.*podman/,
        )
      },
    ))
})

describe('what the image is made of', () => {
  test('the Dockerfile starts the bootstrap where the package has it', async () => {
    const dockerfile = await readFile(join(packageDirectory(), 'Dockerfile'), 'utf8')
    expect(dockerfile).toContain('"/opt/codevision/py_sandbox/bootstrap.py"')
    expect(await readdir(join(pySandboxDirectory(), 'py_sandbox'))).toContain('bootstrap.py')
    expect(await readdir(pythoniaPackage().python)).toContain('Bridge.py')
  })

  test('the locks name each package with a hash for each kind of machine', async () => {
    const lock = await readFile(join(pySandboxDirectory(), 'requirements.lock'), 'utf8')
    for (const wanted of ['pillow==11.3.0', 'numpy==2.2.6', 'opencv-python-headless==4.12.0.88']) {
      const [, rest = ''] = lock.split(`${wanted} \\\n`)
      const hashes = /^(?: {4}--hash=sha256:[0-9a-f]{64}(?: \\)?\n?)+/.exec(rest)?.[0] ?? ''
      expect(hashes.match(/sha256/g)).toHaveLength(2)
    }
  })
})
