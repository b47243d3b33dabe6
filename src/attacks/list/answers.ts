import type { CodeAttack } from '../attack.js'
import { FORGED, REACH, SPEAK } from './hostile-python.js'

const say = (body: string): string =>
  `${SPEAK}os.write(3, frame_of(${JSON.stringify(body)}))\nwhile True: pass`

/** Code that speaks to the host in the worker's place. */
export const ANSWERS: readonly CodeAttack[] = [
  {
    name: 'forged answer on every descriptor',
    by: 'code',
    code: `${SPEAK}for number in range(64):
  try: os.write(number, frame_of(${JSON.stringify(FORGED)}))
  except OSError: pass
while True: pass`,
    expect: ['malformed answer'],
    isShort: true,
  },
  {
    name: 'answer with the number of an earlier call',
    by: 'code',
    code: `${SPEAK}os.write(3, frame_of(${JSON.stringify(FORGED)}, nonce - 1))\nwhile True: pass`,
    expect: ['malformed answer'],
    isShort: true,
  },
  {
    name: 'half of an answer',
    by: 'code',
    code: `${SPEAK}os.write(3, frame_of(${JSON.stringify(FORGED)})[:-1])\nwhile True: pass`,
    expect: ['timeout'],
  },
  {
    name: 'answer that announces 4 GB',
    by: 'code',
    code: `${SPEAK}os.write(3, b"CVW1" + nonce.to_bytes(8, "little") + b"\\xff" * 4)\nwhile True: pass`,
    expect: ['malformed answer'],
  },
  {
    name: 'answer of noise',
    by: 'code',
    code: `${REACH}os.write(3, b"x" * 4096)\nwhile True: pass`,
    expect: ['malformed answer'],
    isShort: true,
  },
  {
    name: 'answer of wrong types',
    by: 'code',
    code: say('{"status": "ok", "mode": []}'),
    expect: ['malformed answer'],
  },
  {
    name: "the host's own verdict, forged",
    by: 'code',
    code: say(
      '{"status": "error", "kind": "timeout", "type": null, "message": "", "traceback": "", "line": null}',
    ),
    expect: ['malformed answer'],
  },
  {
    name: 'forged report of a broken machine',
    by: 'code',
    code: say('{"status": "broken", "message": "x"}'),
    expect: ['malformed answer'],
    isShort: true,
  },
  {
    name: 'deeply nested answer',
    by: 'code',
    code: say('['.repeat(5_000)),
    expect: ['malformed answer'],
  },
]
