import { expect, test } from '@jest/globals'
import { SandboxError } from '../../core/errors.js'
import type { HostTool } from '../../core/host-tool.js'
import { deskOf, openDesk } from './open-desk.js'

const opened: string[] = []
const read: HostTool = {
  parameters: {},
  result: 'string',
  call: async () => '',
  open: async () => void opened.push('read'),
}

function slot(tools: boolean) {
  const versions = { python: '3', pillow: '1', numpy: '1', opencv: '1' }
  return { facts: async () => ({ versions, group: { memory_bytes: null, pids: null }, tools }) }
}

test('a sandbox without tools has no desk', () => {
  expect(deskOf({ tools: {}, profile: 'release', onWarning: () => undefined })).toBeUndefined()
})

test('tools are opened once every host can carry them, and not where one cannot', async () => {
  const desk = deskOf({ tools: { read }, profile: 'standard', onWarning: () => undefined })
  if (!desk) throw new Error('no desk')
  const refused = openDesk({ desk, slots: [slot(true), slot(false)] })
  await expect(refused).rejects.toBeInstanceOf(SandboxError)
  await expect(refused).rejects.toThrow('is of an older version, which carries no tools')
  expect(opened).toEqual([])
  await openDesk({ desk, slots: [slot(true)] })
  expect(opened).toEqual(['read'])
})
