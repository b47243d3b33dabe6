import type { CodeAttack } from '../attack.js'
import { REACH } from './hostile-python.js'

/** Names that only the host's side of the bridge has. */
const HOSTS = '{"Bridge", "Channel", "Host", "Exchange", "JSPyBridge", "Proxy"}'

/** What the code finds in its own interpreter, and what it leaves there. */
export const REACHING: readonly CodeAttack[] = [
  {
    name: 'inherited descriptors',
    by: 'code',
    // Behind 0 to 3 there are the images, read-only, and one file for the result; no socket, no pipe, no folder.
    code: `${REACH}fcntl = sys.modules["fcntl"]
others, writable = [], 0
for number in range(4, 1024):
  try: mode = os.fstat(number).st_mode
  except OSError: continue
  if mode >> 12 != 8: others.append(number)
  elif fcntl.fcntl(number, fcntl.F_GETFL) & os.O_ACCMODE: writable += 1
print(others, writable)`,
    expect: ['harmless'],
    isHarmless: ({ stdout }) => stdout === '[] 1\n',
    isShort: true,
  },
  {
    name: 'environment of its own',
    by: 'code',
    code: `${REACH}print(sorted(os.environ), os.getuid())`,
    expect: ['harmless'],
    isHarmless: ({ stdout }) => !/KEY|TOKEN|NODE|SECRET|CODEVISION| 0$/m.test(stdout),
    isShort: true,
  },
  {
    name: 'the bridge object',
    by: 'code',
    code: `${REACH}print(hasattr(os, "JSPyBridge"), [name for name in sys.modules if name in ("Bridge", "interface", "javascript", "pythonia")])`,
    expect: ['harmless'],
    isHarmless: ({ stdout }) => stdout === 'False []\n',
    isShort: true,
  },
  {
    name: 'frame walk to the objects of the host',
    by: 'code',
    code: `${REACH}frame, found = sys._getframe(), set()
while frame:
  found |= {type(value).__name__ for value in [*frame.f_locals.values(), *frame.f_globals.values()]} & ${HOSTS}
  frame = frame.f_back
print(found)`,
    expect: ['harmless'],
    isHarmless: ({ stdout }) => stdout === 'set()\n',
  },
  {
    name: 'walk over all objects (gc)',
    by: 'code',
    code: `${REACH}gc = sys.modules["gc"]
gc.unfreeze()
print({type(value).__name__ for value in gc.get_objects()} & ${HOSTS})`,
    expect: ['harmless'],
    isHarmless: ({ stdout }) => stdout === 'set()\n',
    isShort: true,
  },
  {
    name: '__subclasses__ walk to a shell',
    by: 'code',
    code: '[c for c in ().__class__.__base__.__subclasses__() if c.__name__ == "_wrap_close"][0].__init__.__globals__["posix_spawn"]("/bin/sh", ["sh"], {})',
    expect: ['EPERM'],
    isShort: true,
  },
  {
    name: 'patched Pillow, NumPy, builtins and modules',
    by: 'code',
    code: `${REACH}Image.Image.rotate = lambda *a, **k: image
Image.Image.tobytes = lambda *a: b""
np.array = None
sys.modules["math"] = None
builtins = sys.modules["builtins"]
builtins.len = None
builtins.left_behind = 1`,
    // Without len its own worker may not find to the end, and dies.
    expect: ['harmless', 'exit status'],
    isHarmless: () => true,
    witness: {
      code: 'import math\nprint(len("abc"), np.array([math.pi]).size, "left_behind" in dir(PIL.Image.sys.modules["builtins"]))',
      stdout: '3 1 False\n',
    },
    isShort: true,
  },
  {
    name: 'atexit hook and a file for the next call',
    by: 'code',
    code: `${REACH}atexit = sys.modules.get("atexit")
if atexit: atexit.register(lambda: open("left", "w").close())
open("left", "w").close()`,
    expect: ['harmless'],
    isHarmless: () => true,
    witness: { code: 'print(PIL.Image.os.listdir("."))', stdout: '[]\n' },
  },
]
