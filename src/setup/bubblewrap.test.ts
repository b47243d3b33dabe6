import { describe, expect, test } from '@jest/globals'
import { checkBubblewrap } from './bubblewrap.js'
import { writeProgram } from './testing/program.js'
import { withEnvironment } from '../config/testing/with-environment.js'

describe('checkBubblewrap', () => {
  test('a missing program is told with the command that installs it', async () => {
    const check = await checkBubblewrap({ program: 'no-bwrap-here' })
    expect(check).toMatchObject({ status: 'missing', problem: 'bubblewrap is not installed' })
    expect(check).toHaveProperty('fix', expect.stringMatching(/bubblewrap/))
  })

  test('one that is installed beside PATH is not said to be missing', async () => {
    const check = await checkBubblewrap({ program: 'no-bwrap-here', installed: '/opt/tools/bwrap' })
    expect(check).toEqual({
      status: 'missing',
      problem: 'bubblewrap is installed as /opt/tools/bwrap, but PATH does not name its folder',
      fix: 'export PATH="$PATH:/opt/tools"',
    })
  })

  test('one that is installed but may not make namespaces is missing too, with its own words', () =>
    withEnvironment(
      () => ({}),
      async (folder) => {
        const body =
          '[ "$1" = --version ] && echo "bubblewrap 0.9.0" && exit\necho "bwrap: No permissions to create new namespace" >&2\nexit 1'
        const check = await checkBubblewrap({ program: await writeProgram({ folder, name: 'bwrap', body }) })
        expect(check).toMatchObject({
          status: 'missing',
          problem: expect.stringContaining('No permissions to create new namespace'),
          fix: expect.stringMatching(/sysctl|outer container/),
        })
      },
    ))

  test('one that made the namespaces is told with its version', () =>
    withEnvironment(
      () => ({}),
      async (folder) => {
        const body = '[ "$1" = --version ] && echo "bubblewrap 0.9.0"\nexit 0'
        const program = await writeProgram({ folder, name: 'bwrap', body })
        expect(await checkBubblewrap({ program })).toEqual({ status: 'ok', version: '0.9.0' })
      },
    ))
})
