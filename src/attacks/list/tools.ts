import type { CodeAttack } from '../attack.js'
import { SPEAK } from './hostile-python.js'

/** Speaks to the host in the place of the functions that the code was given: a request of a tool, fields replaced. */
const ASK = `${SPEAK}def ask(number=nonce, **fields):
    body = {"tool": "echo", "request": 1, "arguments": {"note": "x"}, "images": [], **fields}
    os.write(3, frame_of(json.dumps(body), number))
`

const forged = (fields: string): string => `${ASK}ask(${fields})\nwhile True: pass`

/** Code that asks the operator's tools otherwise than it may. */
export const TOOL_ATTACKS: readonly CodeAttack[] = [
  {
    name: 'flood of requests to a tool',
    by: 'code',
    code: `${ASK}for request in range(1, 10000): ask(request=request)\nwhile True: pass`,
    expect: ['malformed answer'],
    isShort: true,
  },
  {
    name: 'requests to a tool whose answers are never read',
    by: 'code',
    code: `${ASK}import time
for request in range(1, 2000):
  ask(tool="chat", request=request)
  time.sleep(0.01)`,
    timeoutMs: 20_000,
    expect: ['malformed answer'],
  },
  {
    name: 'request of a megabyte to a tool',
    by: 'code',
    code: forged('arguments={"note": "x" * 1_000_000}'),
    expect: ['malformed answer'],
    isShort: true,
  },
  {
    name: 'arguments of another form to a tool',
    by: 'code',
    code: forged('arguments=["x"]'),
    expect: ['malformed answer'],
  },
  {
    name: 'arguments of wrong types to a tool',
    by: 'code',
    // The host, which knows no types, lets them through; the controller does not.
    code: `${SPEAK}sys.modules["py_sandbox.tools"]._Requests(None).ask("echo", {"note": ["x"], "more": 1}, [])`,
    expect: ['ToolError'],
    isShort: true,
  },
  {
    name: 'tool that is not listed',
    by: 'code',
    code: forged('tool="shell", arguments={}'),
    expect: ['malformed answer'],
    isShort: true,
  },
  {
    name: 'tool that is not listed, by its name in the code',
    by: 'code',
    code: 'tools.shell("id")',
    expect: ['AttributeError'],
  },
  {
    name: 'tool of another session',
    by: 'code',
    code: `${ASK}for number in (nonce - 1, nonce + 1, 0): ask(number=number)\nwhile True: pass`,
    expect: ['malformed answer'],
    isShort: true,
  },
  {
    name: 'forged answer of a tool',
    by: 'code',
    code: `${ASK}os.write(3, frame_of('{"answer": 1}'))\nwhile True: pass`,
    expect: ['malformed answer'],
    isShort: true,
  },
  {
    name: 'answer of the call while a tool is asked',
    by: 'code',
    code: `${ASK}ask(tool="silent", arguments={})
os.write(3, frame_of('{"status": "error", "kind": "runtime", "type": null, "message": "", "traceback": "", "line": null}'))
while True: pass`,
    expect: ['malformed answer'],
  },
  {
    name: 'image for a tool that has no pixels',
    by: 'code',
    code: forged(
      'arguments={"note": "x", "image": 0}, images=[{"mode": "RGB", "width": 2000, "height": 2000}]',
    ),
    expect: ['malformed answer'],
  },
  {
    name: 'pixels of an image that are taken away while a tool is asked',
    by: 'code',
    // Whether before the host looks, before the controller does, or too late: nobody waits, and nothing is read that is not there.
    code: `${ASK}for number in range(4, 16):
  try: os.ftruncate(number, 12)
  except OSError: continue
  break
ask(arguments={"note": "x", "image": 0}, images=[{"mode": "RGB", "width": 2, "height": 2}])
os.ftruncate(number, 0)
ours = sys.modules["py_sandbox.tools"]
print(ours._read(ours.framing.receive(ours._socket, 4096)[2][0]))`,
    expect: ['malformed answer', 'ToolError', 'harmless'],
    isHarmless: ({ stdout }) => stdout === 'x\n',
  },
  {
    name: 'more uses of a tool than are allowed',
    by: 'code',
    code: 'for _ in range(100): tools.echo("x")',
    expect: ['ToolError'],
  },
  {
    name: 'end of the worker while a tool is asked',
    by: 'code',
    code: `${ASK}ask(tool="silent", arguments={})\nos._exit(3)`,
    expect: ['exit status'],
    isShort: true,
  },
  {
    name: 'tool that never answers',
    by: 'code',
    code: 'tools.silent()',
    expect: ['ToolError'],
  },
  {
    name: 'deadline while a tool is asked',
    by: 'code',
    code: 'try: tools.silent()\nexcept ToolError: tools.silent()',
    timeoutMs: 400,
    expect: ['timeout'],
  },
]
