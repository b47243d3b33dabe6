import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { SandboxError, UsageError } from '../core/errors.js'
import { findPython, probePython } from './find-python.js'
import { writeProgram } from './testing/program.js'
import { withEnvironment } from '../config/testing/with-environment.js'

/** What an interpreter of that version would answer to the probe. */
const answering = (answer: object) => `cat <<'END'\n${JSON.stringify(answer)}\nEND`
const interpreter = (path: string, version: string) => ({
  implementation: 'cpython',
  version,
  path,
  executable: path,
  basePrefix: '/usr',
  hasPip: true,
  wheel: null,
})

describe('probePython', () => {
  test('describes the real interpreter of this machine, shims and links resolved', async () => {
    const found = await findPython()
    expect(found.version).toMatch(/^3\.11\.\d+$/)
    expect(found.path).toMatch(/^\//)
    expect(await probePython({ name: found.path })).toEqual({
      status: 'ok',
      name: found.path,
      interpreter: found,
    })
  })

  test('refuses another version, another implementation, and what is no Python', () =>
    withEnvironment(
      () => ({}),
      async (folder) => {
        const probe = async (name: string, body: string) =>
          probePython({ name: await writeProgram({ folder, name, body }) })
        const path = join(folder, 'python')
        expect(await probe('old', answering(interpreter(path, '3.9.18')))).toMatchObject({
          status: 'refused',
          reason: 'is Python 3.9.18',
        })
        expect(await probe('new', answering(interpreter(path, '3.110.0')))).toMatchObject({
          status: 'refused',
        })
        const pypy = { ...interpreter(path, '3.11.13'), implementation: 'pypy' }
        expect(await probe('pypy', answering(pypy))).toMatchObject({ reason: 'is pypy, not CPython' })
        expect(await probe('echo', 'echo hello')).toMatchObject({ reason: 'does not answer like a Python' })
        expect(await probe('broken', 'echo cannot load >&2; exit 127')).toMatchObject({
          reason: 'does not run (cannot load)',
        })
        expect(await probePython({ name: join(folder, 'none') })).toMatchObject({ status: 'absent' })
      },
    ))

  test('runs pip from the wheel that a system keeps where no pip is installed', () =>
    withEnvironment(
      () => ({}),
      async (folder) => {
        const path = join(folder, 'python')
        const bare = { ...interpreter(path, '3.11.2'), hasPip: false }
        await writeProgram({
          folder,
          name: 'python',
          body: answering({ ...bare, wheel: '/wheels/pip-23.whl' }),
        })
        expect(await probePython({ name: path })).toMatchObject({
          interpreter: { pip: ['/wheels/pip-23.whl/pip'] },
        })
        await writeProgram({ folder, name: 'python', body: answering(bare) })
        expect(await probePython({ name: path })).toMatchObject({ status: 'ok', interpreter: { pip: null } })
      },
    ))
})

describe('findPython', () => {
  test('PYTHON that names another version is refused by name, whatever else is installed', () =>
    withEnvironment(
      (folder) => ({ PYTHON: join(folder, 'python') }),
      async (folder) => {
        const path = join(folder, 'python')
        await writeProgram({ folder, name: 'python', body: answering(interpreter(path, '3.12.1')) })
        const failure = findPython()
        await expect(failure).rejects.toThrow(UsageError)
        await expect(failure).rejects.toThrow(`${path} is Python 3.12.1`)
      },
    ))

  test('takes the first on the search path, and one that has pip before one that has none', () =>
    withEnvironment(
      (folder) => ({ PATH: `${folder}:/usr/bin:/bin`, PYTHON: undefined }),
      async (folder) => {
        const bare = { ...interpreter(join(folder, 'python3.11'), '3.11.1'), hasPip: false }
        await writeProgram({ folder, name: 'python3.11', body: answering(bare) })
        const full = interpreter(join(folder, 'python3'), '3.11.9')
        await writeProgram({ folder, name: 'python3', body: answering(full) })
        expect(await findPython({ places: [] })).toMatchObject({
          path: join(folder, 'python3'),
          version: '3.11.9',
        })
      },
    ))

  test('where there is none it names what was found and how one is installed', () =>
    withEnvironment(
      (folder) => ({ PATH: folder, PYTHON: undefined }),
      async (folder) => {
        const body = `PATH=/usr/bin:/bin\n${answering(interpreter(join(folder, 'python3'), '3.12.1'))}`
        await writeProgram({ folder, name: 'python3', body })
        const failure = await findPython({ places: [] }).catch((error: unknown) => error)
        expect(failure).toBeInstanceOf(SandboxError)
        expect(String(failure)).toContain('python3 is Python 3.12.1')
        expect(String(failure)).toContain('pyenv install 3.11')
        expect(String(failure)).toContain('set PYTHON')
      },
    ))
})
