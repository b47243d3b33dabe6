import { describe, expect, test } from '@jest/globals'
import { checkEngine } from './container-engine.js'
import { writeProgram } from './testing/program.js'
import { withEnvironment } from '../config/testing/with-environment.js'

/** Only the client that the test wrote can be found. */
const withClient = (name: string, body: string, run: () => Promise<void>) =>
  withEnvironment(
    (folder) => ({ PATH: `${folder}:/usr/bin/none` }),
    async (folder) => {
      await writeProgram({ folder, name, body: `PATH=/usr/bin:/bin\n${body}` })
      await run()
    },
  )

describe('checkEngine', () => {
  test('a client that is not there', () =>
    withClient('other', 'exit 0', async () => {
      expect(await checkEngine({ binary: 'docker' })).toMatchObject({
        status: 'missing',
        problem: 'docker is not installed',
      })
    }))

  test('a client without an engine is told apart from a missing one', () =>
    withClient('docker', 'echo "Cannot connect to the daemon" >&2; exit 1', async () => {
      expect(await checkEngine({ binary: 'docker' })).toMatchObject({
        status: 'missing',
        problem: expect.stringContaining('no engine answers: Cannot connect to the daemon'),
      })
    }))

  test('an engine is told with its version and the machine that it runs on', async () => {
    const docker = JSON.stringify({
      Client: { Version: '28' },
      Server: { Version: '20.10.24', Arch: 'arm64' },
    })
    await withClient('docker', `echo '${docker}'`, async () => {
      expect(await checkEngine({ binary: 'docker' })).toEqual({
        status: 'ok',
        version: '20.10.24',
        architecture: 'arm64',
      })
    })
    const podman = JSON.stringify({ host: { arch: 'amd64' }, version: { Version: '4.3.1' } })
    await withClient('podman', `echo '${podman}'`, async () => {
      expect(await checkEngine({ binary: 'podman' })).toEqual({
        status: 'ok',
        version: '4.3.1',
        architecture: 'x64',
      })
    })
  })

  test('an engine on a machine without wheels is refused', async () => {
    const answer = JSON.stringify({ Server: { Version: '24', Arch: 's390x' } })
    await withClient('docker', `echo '${answer}'`, async () => {
      expect(await checkEngine({ binary: 'docker' })).toMatchObject({
        status: 'missing',
        problem: expect.stringContaining('s390x'),
      })
    })
  })
})
