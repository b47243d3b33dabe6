import { afterAll, expect, test } from '@jest/globals'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32c, maskedCrc32c } from './crc32c.js'
import { openEventFile } from './event-file.js'
import { eventMessage } from './event-message.js'
import { tfRecord } from './tf-record.js'

const folder = await mkdtemp(join(tmpdir(), 'codevision-events-'))
afterAll(() => rm(folder, { recursive: true }))

test('checksums are those of RFC 3720, and masked as TFRecord files have them', () => {
  expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283)
  expect(crc32c(Buffer.alloc(32))).toBe(0x8a9136aa)
  expect(crc32c(Buffer.alloc(32, 0xff))).toBe(0x62a8ab43)
  expect(maskedCrc32c(Buffer.alloc(0))).toBe(0xa282ead8)
})

// Bytes that the `tensorboard` package writes for the same events.
test('an event is the bytes that TensorBoard’s own writer makes', () => {
  const scalars = { 'reward/total': 0.5 }
  const event = eventMessage({ wallTime: 1700000000.5, step: 300, content: { kind: 'scalars', scalars } })
  expect(event.toString('hex')).toBe('0900002040fc54d94110ac022a150a130a0c7265776172642f746f74616c150000003f')
  expect(tfRecord(event).toString('hex')).toBe(
    '2300000000000000b09f77430900002040fc54d94110ac022a150a130a0c7265776172642f746f74616c150000003f54707d09',
  )
})

test('a file that goes on says that later steps of the one before are void', async () => {
  const now = () => 1_700_000_000_500
  const first = await openEventFile({ folder, step: null, now })
  await first.add({ step: 1, scalars: { loss: 2 } })
  const version = tfRecord(
    eventMessage({ wallTime: 1_700_000_000.5, step: 0, content: { kind: 'file-version' } }),
  )
  const loss = eventMessage({
    wallTime: 1_700_000_000.5,
    step: 1,
    content: { kind: 'scalars', scalars: { loss: 2 } },
  })
  expect(await readFile(first.path)).toEqual(Buffer.concat([version, tfRecord(loss)]))
  const next = await openEventFile({ folder, step: 4, now: () => now() + 1 })
  const start = eventMessage({ wallTime: 1_700_000_000.501, step: 5, content: { kind: 'session-start' } })
  expect((await readFile(next.path)).subarray(version.length)).toEqual(tfRecord(start))
})
