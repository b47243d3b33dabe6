import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { BridgeError } from '../core/errors.js'
import { startProcess } from './process-wire.js'
import { PythonBridge } from './python-bridge.js'
import type { Wire } from './wire.js'

/** The other side, as far as a bridge needs one: answers requests by the rules of pythonia's protocol, then does what a test wants. */
const PEER = `
import json, os, sys, time

def send(**message):
    sys.stderr.write(json.dumps(message) + "\\n")
    sys.stderr.flush()

def call(callback, text):
    send(r=1, c="jsi", p=1, action="call", ffid=callback, key="", args=[text])

def serve(on_request):
    callback = None
    for line in sys.stdin:
        request = json.loads(line)
        method, args = request["key"][0], request["val"][0] if request["val"] else []
        if method == "python":
            send(r=request["r"], key="obj", val=1, sig="")
        elif method == "attach":
            callback = 7
            send(r=request["r"], key="pre", val={args[0]["r"]: callback}, sig="")
            send(r=request["r"], key="int", val=None, sig="")
        else:
            on_request(request, method, args, callback)
`

let directory: string
const bridges: PythonBridge[] = []

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'codevision-bridge-'))
})

afterEach(async () => {
  for (const bridge of bridges.splice(0)) bridge.kill()
  await rm(directory, { recursive: true, force: true })
})

function peer(onRequest: string): Wire {
  const program = `${PEER}\ndef on_request(request, method, args, callback):\n${onRequest.replace(/^/gm, '    ')}\nserve(on_request)\n`
  return startProcess({
    command: ['python3', '-c', program],
    environment: { PATH: process.env['PATH'] ?? '' },
  })
}

async function open(wire: Wire, onEvent: (text: string) => void = () => undefined): Promise<PythonBridge> {
  const bridge = await PythonBridge.open({
    name: 'The peer',
    wire,
    module: 'service',
    onEvent,
    startDeadlineMs: 20_000,
  })
  bridges.push(bridge)
  return bridge
}

const ECHO = 'send(r=request["r"], key="string", val=args[0], sig="")'

describe('a bridge', () => {
  test('calls functions of the module and gets events through its callback', async () => {
    const events: string[] = []
    const bridge = await open(peer(`call(callback, "seen " + args[0])\n${ECHO}`), (text) => events.push(text))
    expect(await bridge.request('echo', ['grüße 漢字'])).toBe('grüße 漢字')
    expect(events).toEqual(['seen grüße 漢字'])
  })

  test('carries a string of 4 MB', async () => {
    const bridge = await open(peer(ECHO))
    const text = 'x'.repeat(4 << 20)
    expect(await bridge.request('echo', [text])).toBe(text)
  })

  test('lives beside others', async () => {
    const several = await Promise.all(
      [1, 2, 3].map((number) => open(peer(`send(r=request["r"], key="int", val=${number}, sig="")`))),
    )
    expect(await Promise.all(several.map((bridge) => bridge.request('which', [])))).toEqual([1, 2, 3])
  })

  test('tells an exception of Python, and goes on', async () => {
    const bridge = await open(
      peer(
        `if method == "fail": send(r=request["r"], key="error", val="", sig="Traceback\\n  File \\"x.py\\", line 3, in f\\nKeyError: 'size'")\nelse: ${ECHO}`,
      ),
    )
    const failure = bridge.request('fail', [])
    await expect(failure).rejects.toThrow(/'fail' failed in Python: .*KeyError: 'size'/)
    await expect(failure).rejects.toMatchObject({ isRetryable: false })
    expect(await bridge.request('echo', ['on'])).toBe('on')
  })
})

describe('the end of the other side', () => {
  test('at the start names what was not found', async () => {
    const wire = startProcess({ command: ['/no/such/python'], environment: {} })
    await expect(open(wire)).rejects.toThrow('The peer ended: /no/such/python was not found')
  })

  test('at the start shows what it wrote', async () => {
    const wire = startProcess({
      command: ['python3', '-c', 'raise SystemExit("no module named cv2")'],
      environment: { PATH: process.env['PATH'] ?? '' },
    })
    await expect(open(wire)).rejects.toThrow(
      /it ended with exit code 1\.\nIt last wrote:\n {2}no module named cv2/,
    )
  })

  test('rejects every request in flight with an error that can be retried', async () => {
    const bridge = await open(peer('if args[0] == 3: os._exit(9)'))
    const requests = [1, 2, 3].map((number) => bridge.request('wait', [number]))
    for (const { status, reason } of (await Promise.allSettled(requests)) as PromiseRejectedResult[]) {
      expect(status).toBe('rejected')
      expect(reason).toBeInstanceOf(BridgeError)
      expect(reason).toMatchObject({ isRetryable: true, message: expect.stringContaining('exit code 9') })
    }
    await expect(bridge.request('late', [])).rejects.toThrow('exit code 9')
    expect((await bridge.ended).message).toContain('exit code 9')
  })

  test('by a signal is told as such', async () => {
    const bridge = await open(peer('os.kill(os.getpid(), 11)'))
    await expect(bridge.request('crash', [])).rejects.toThrow('it was ended by SIGSEGV')
  })

  test('is made when it misses a deadline', async () => {
    const bridge = await open(peer('time.sleep(600)'))
    const request = bridge.request('hang', [], { deadlineMs: 50 })
    await expect(request).rejects.toThrow("The peer did not answer 'hang' within 50 ms; it is stopped.")
    await expect(request).rejects.toMatchObject({ isRetryable: true })
    await bridge.ended
  })

  test('is orderly when the bridge is closed', async () => {
    const bridge = await open(peer(ECHO))
    await bridge.close()
    await bridge.close()
    await expect(bridge.request('echo', ['x'])).rejects.toThrow(BridgeError)
  })
})

describe('a hostile other side', () => {
  /** Each is a way that stock pythonia would answer; `touch` would leave a file. */
  const FORGERIES: [name: string, messages: string][] = [
    ['asks for require', 'send(r=5, c="jsi", action="get", ffid=0, key="require")'],
    [
      'calls require',
      'send(r=5, c="jsi", p=1, action="call", ffid=0, key="require", args=["child_process"])',
    ],
    ['asks for globalThis', 'send(r=5, c="jsi", action="get", ffid=0, key="globalThis")'],
    [
      'asks for the constructor of the callback',
      'send(r=5, c="jsi", action="get", ffid=callback, key="constructor")',
    ],
    [
      'calls the constructor of the callback',
      'send(r=5, c="jsi", p=1, action="call", ffid=callback, key="constructor", args=["return process.binding(\'fs\')"])',
    ],
    [
      'makes an object of the callback',
      'send(r=5, c="jsi", p=1, action="init", ffid=callback, key="constructor", args=[TOUCH])',
    ],
    ['sets an attribute', 'send(r=5, c="jsi", p=1, action="set", ffid=callback, key="x", args=[1])'],
    [
      'calls an object that is no callback',
      'send(r=5, c="jsi", p=1, action="call", ffid=0, key="", args=["x"])',
    ],
    [
      'calls by a name of the prototype',
      'send(r=5, c="jsi", p=1, action="call", ffid="__proto__", key="", args=["x"])',
    ],
    [
      'passes an object where text is due',
      'send(r=5, c="jsi", p=1, action="call", ffid=callback, key="", args=[{"ffid": 0}])',
    ],
    ['asks for the keys of the root', 'send(r=5, c="jsi", action="keys", ffid=0, key="")'],
    [
      'announces a prototype as its own',
      'send(r=request["r"], key="pre", val={"__proto__": 0, "constructor": 1}, sig="")',
    ],
    ['answers a request that nobody made', 'send(r="jsi", key="string", val="x", sig="")'],
  ]

  test.each(FORGERIES)('that %s gets nothing', async (_name, forgery) => {
    const marker = join(directory, 'touched')
    const touch = `TOUCH = ${JSON.stringify(`require("fs").writeFileSync(${JSON.stringify(marker)}, "x")`)}`
    const events: string[] = []
    // What we write after the forgery is what Python reads next: a reply to it would come first.
    const bridge = await open(
      peer(
        `${touch}\nif method == "forge":\n    ${forgery}\n    ${ECHO}\nelse:\n    send(r=request["r"], key="string", val=json.dumps(request), sig="")`,
      ),
      (text) => events.push(text),
    )
    expect(await bridge.request('forge', ['done'])).toBe('done')
    const next = JSON.parse((await bridge.request('next', [])) as string) as { action: string; key: string[] }
    expect(next).toMatchObject({ action: 'pcall', key: ['next'] })
    expect(events).toEqual([])
    expect(existsSync(marker)).toBe(false)
    expect(Object.prototype).not.toHaveProperty('ffid')
  })

  test('that announces callbacks which it was not given is stopped', async () => {
    const bridge = await open(peer('send(r=request["r"], key="pre", val={"1": 1}, sig="")'))
    await expect(bridge.request('x', [])).rejects.toThrow('broke the protocol: its reply could not be taken')
  })

  test('that answers an error without a text is not believed', async () => {
    const bridge = await open(peer(`send(r=request["r"], key="error", val="")\n${ECHO}`))
    expect(await bridge.request('x', ['fine'])).toBe('fine')
  })

  test('that sends what is no JSON is stopped', async () => {
    const bridge = await open(peer('sys.stderr.write("{nonsense\\n"); sys.stderr.flush()'))
    await expect(bridge.request('x', [])).rejects.toThrow(
      'broke the protocol: it sent a line that is not JSON',
    )
  })

  test('that sends a line without end is stopped', async () => {
    const bridge = await open(peer('while True: sys.stderr.write("{" + "x" * 1000000)'))
    await expect(bridge.request('x', [])).rejects.toThrow('broke the protocol: it sent a line of more than')
  })
})
