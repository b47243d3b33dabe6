/** Reaches the modules that Pillow and the interpreter imported: what the import rule guides, containment must hold. */
export const REACH = `os = PIL.Image.os
sys = PIL.Image.sys
ctypes = sys.modules["ctypes"]
libc = ctypes.CDLL(None, use_errno=True)
def call(name, *arguments):
    if getattr(libc, name)(*arguments) == -1:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
`

/** Finds what the worker knows of the call: the number that every frame carries, and its descriptors. */
export const SPEAK = `${REACH}import json
frame = sys._getframe()
while 'nonce' not in frame.f_locals: frame = frame.f_back
nonce = frame.f_locals['nonce']
def frame_of(body, number=nonce):
    body = body.encode()
    return b'CVW1' + number.to_bytes(8, 'little') + len(body).to_bytes(4, 'little') + body
`

/** An answer of the worker's form. */
export const FORGED =
  '{"status": "ok", "mode": "RGB", "sourceMode": "RGB", "width": 9, "height": 9, "unchanged": true}'
