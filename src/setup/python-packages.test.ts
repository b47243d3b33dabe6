import { createHash } from 'node:crypto'
import { appendFile, readFile, readdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from '@jest/globals'
import { execa } from 'execa'
import { SandboxError } from '../core/errors.js'
import { findPython, type Interpreter } from './find-python.js'
import { findPythonPackages, installPythonPackages } from './python-packages.js'
import { writeProgram } from './testing/program.js'
import { withEnvironment } from '../config/testing/with-environment.js'

const WHEEL = 'toy-1.5-py3-none-any.whl'
const MAKE_WHEEL = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], 'w') as wheel:
    wheel.writestr('toy.py', 'answer = 42')
    info = 'toy-1.5.dist-info/'
    wheel.writestr(info + 'METADATA', 'Metadata-Version: 2.1\\nName: Toy\\nVersion: 1.5\\n')
    wheel.writestr(info + 'WHEEL', 'Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n')
    wheel.writestr(info + 'RECORD', 'toy.py,,\\n' + info + 'METADATA,,\\n' + info + 'WHEEL,,\\n' + info + 'RECORD,,\\n')
`

let interpreter: Interpreter
beforeAll(async () => {
  interpreter = await findPython()
})

/** A cache, an index that is one folder, and a lock of the one wheel in it, all in a folder of the test's own. */
async function withLock(run: (at: { folder: string; lock: string }) => Promise<void>): Promise<void> {
  await withEnvironment(
    (folder) => ({
      CODEVISION_CACHE: join(folder, 'cache'),
      PIP_NO_INDEX: '1',
      PIP_FIND_LINKS: folder,
      PIP_NO_CACHE_DIR: '1',
    }),
    async (folder) => {
      await execa(interpreter.path, ['-c', MAKE_WHEEL, join(folder, WHEEL)])
      const hash = createHash('sha256')
        .update(await readFile(join(folder, WHEEL)))
        .digest('hex')
      const lock = join(folder, 'toy.lock')
      await writeFile(lock, `toy==1.5 --hash=sha256:${hash}\n`)
      await run({ folder, lock })
    },
  )
}

const entries = (folder: string) => readdir(join(folder, 'cache', 'python'))

describe('installPythonPackages', () => {
  test('installs once, and finds the installation afterwards without pip', () =>
    withLock(async ({ folder, lock }) => {
      expect(await findPythonPackages({ lock })).toBeNull()
      const first = await installPythonPackages({ lock, interpreter, imports: ['toy'] })
      expect(first).toMatchObject({
        python: interpreter.path,
        version: interpreter.version,
        versions: { toy: '1.5' },
      })
      expect(await readFile(join(first.site, 'toy.py'), 'utf8')).toBe('answer = 42')
      expect((await stat(first.site)).mode & 0o005).toBe(0o005)
      const withoutPip = { ...interpreter, pip: null }
      expect(await installPythonPackages({ lock, interpreter: withoutPip, imports: ['toy'] })).toEqual(first)
      expect(await findPythonPackages({ lock, python: interpreter.path })).toEqual(first)
      expect(await findPythonPackages({ lock, python: '/another/python' })).toBeNull()
      expect(await entries(folder)).toHaveLength(1)
    }))

  test('two at once end with the same installation', () =>
    withLock(async ({ folder, lock }) => {
      const both = [1, 2].map(() => installPythonPackages({ lock, interpreter, imports: ['toy'] }))
      const [first, second] = await Promise.all(both)
      expect(first).toEqual(second)
      expect(await entries(folder)).toHaveLength(1)
    }))

  test('a wheel with another hash is refused, and nothing is left', () =>
    withLock(async ({ folder, lock }) => {
      await writeFile(lock, `toy==1.5 --hash=sha256:${'0'.repeat(64)}\n`)
      const failure = installPythonPackages({ lock, interpreter, imports: ['toy'] })
      await expect(failure).rejects.toThrow(SandboxError)
      await expect(failure).rejects.toThrow(/toy\.lock/)
      expect(await entries(folder)).toEqual([])
    }))

  test('packages that do not load are refused, and nothing is left', () =>
    withLock(async ({ folder, lock }) => {
      const failure = installPythonPackages({ lock, interpreter, imports: ['toy', 'no_such_module'] })
      await expect(failure).rejects.toThrow(/no_such_module/)
      expect(await entries(folder)).toEqual([])
    }))

  test('an interruption leaves nothing', () =>
    withLock(async ({ folder, lock }) => {
      const abort = new AbortController()
      const running = installPythonPackages({
        lock,
        interpreter,
        imports: ['toy'],
        signal: abort.signal,
        onProgress: (line) => {
          if (line.startsWith('Installing collected')) abort.abort()
        },
      })
      await expect(running).rejects.toMatchObject({ name: 'AbortError' })
      expect(await entries(folder)).toEqual([])
      expect(await findPythonPackages({ lock })).toBeNull()
    }))

  test('a changed lock asks for another installation', () =>
    withLock(async ({ folder, lock }) => {
      await installPythonPackages({ lock, interpreter, imports: ['toy'] })
      await appendFile(lock, '# of another day\n')
      expect(await findPythonPackages({ lock })).toBeNull()
      await installPythonPackages({ lock, interpreter, imports: ['toy'] })
      expect(await findPythonPackages({ lock })).not.toBeNull()
      expect(await entries(folder)).toHaveLength(2)
    }))

  test('where another interpreter took the place of the old one, the installation is made again', () =>
    withLock(async ({ folder, lock }) => {
      const path = await writeProgram({ folder, name: 'python', body: `exec ${interpreter.path} "$@"` })
      const wrapped = { ...interpreter, path }
      await installPythonPackages({ lock, interpreter: wrapped, imports: ['toy'] })
      expect(await findPythonPackages({ lock })).not.toBeNull()
      await appendFile(path, '# upgraded\n')
      expect(await findPythonPackages({ lock })).toBeNull()
      await installPythonPackages({ lock, interpreter: wrapped, imports: ['toy'] })
      expect(await findPythonPackages({ lock })).not.toBeNull()
      expect(await entries(folder)).toHaveLength(1)
    }))
})
