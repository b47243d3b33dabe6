import { afterEach, describe, expect, test } from '@jest/globals'
import { startProcess } from '../bridge/process-wire.js'
import { SandboxError } from '../core/errors.js'
import { Host } from './host.js'
import type { HostJob } from './job.js'
import type { JobTools } from './tools/call-tools.js'
import type { ToolRequest } from './tools/tool-request.js'

/** A host of its own making: gets ready at once, and says to every submitted job what a test wants. */
const HOST = `
import json, sys

def send(**message):
    sys.stderr.write(json.dumps(message) + "\\n")
    sys.stderr.flush()

def emit(**event):
    send(r=1, c="jsi", p=1, action="call", ffid=7, key="", args=[json.dumps(event)])

def ask(**fields):
    emit(**{"event": "tool", "id": 1, "request": 1, "tool": "echo", "arguments": {}, "images": [], **fields})

def finish(stdout=""):
    emit(event="finished", id=1, status="error", kind="runtime", type=None, message="over", traceback="", line=None, stdout=stdout, durationMs=1)

for line in sys.stdin:
    request = json.loads(line)
    method, args = request["key"][0], request["val"][0] if request["val"] else []
    if method == "python":
        send(r=request["r"], key="obj", val=1, sig="")
        continue
    if method == "attach":
        send(r=request["r"], key="pre", val={args[0]["r"]: 7}, sig="")
    send(r=request["r"], key="int", val=None, sig="")
    if method == "attach":
        text = {"python": "3", "pillow": "1", "numpy": "1", "opencv": "1"}
        emit(event="ready", versions=text, group={"memory_bytes": None, "pids": None}, tools=True)
    elif method == "submit":
`

const hosts: Host[] = []
afterEach(() => {
  for (const host of hosts.splice(0)) host.kill()
})

async function open(onSubmit: string, onAnswer = 'pass'): Promise<Host> {
  const program = `${HOST}        ${onSubmit}\n    elif method == "answer":\n        answer = json.loads(args[0])\n        ${onAnswer}\n`
  const host = await Host.start({
    ...{ number: 1, exchange: '/nowhere', spare: 0 },
    runtime: {
      name: 'none',
      exchangeOwner: undefined,
      start: async () =>
        startProcess({
          command: ['python3', '-c', program],
          environment: { PATH: process.env['PATH'] ?? '' },
        }),
    },
  })
  hosts.push(host)
  return host
}

class Echo implements JobTools {
  readonly mostRequests = 2
  readonly asked: ToolRequest[] = []
  ended = 0
  failure: Error | undefined

  async answer(request: ToolRequest): Promise<string> {
    this.asked.push(request)
    if (this.failure) throw this.failure
    return `file-${request.request}`
  }

  abort(): void {
    this.ended += 1
  }

  async end(): Promise<void> {
    this.ended += 1
  }
}

const JOB: HostJob = {
  job: { op: 'size_rules', cases: [] },
  files: [],
  result: null,
  ...{ timeoutMs: 20_000, memoryBytes: 1, fileBytes: 1 },
}

describe('a host that asks tools', () => {
  test('gets the answer’s file, and tells the tools when the job is over', async () => {
    const tools = new Echo()
    const host = await open('ask()', 'finish(json.dumps(answer))')
    const finished = await host.run({ ...JOB, tools })
    expect(JSON.parse('stdout' in finished ? finished.stdout : '')).toEqual({
      ...{ id: 1, request: 1, file: 'file-1' },
    })
    expect(tools.ended).toBe(1)
  })

  test.each([
    ['while another request waits', 'ask(); ask(request=2)'],
    ['out of turn', 'ask(request=2)'],
    ['with arguments that are none', 'ask(arguments=5)'],
    ['with an image without a size', 'ask(images=[{"mode": "RGB", "width": 0, "height": 1}])'],
    ['with a name that is too long', 'ask(tool="x" * 41)'],
  ])('%s is ended', async (_, onSubmit) => {
    const host = await open(onSubmit)
    await expect(host.run({ ...JOB, tools: new Echo() })).rejects.toBeInstanceOf(SandboxError)
    expect(host.isAlive).toBe(false)
  })

  test('more often than the tools take is ended', async () => {
    const tools = new Echo()
    const host = await open('ask()', 'ask(request=answer["request"] + 1)')
    await expect(host.run({ ...JOB, tools })).rejects.toBeInstanceOf(SandboxError)
    expect(tools.asked).toHaveLength(2)
  })

  test('for a job without tools is ended', async () => {
    const host = await open('ask()')
    await expect(host.run(JOB)).rejects.toThrow('was stopped')
  })

  test('for a job that is over, or never was, asks nobody', async () => {
    const tools = new Echo()
    const host = await open('finish(); ask(); ask(id=5)')
    await host.run({ ...JOB, tools })
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect([tools.asked, host.isAlive]).toEqual([[], true])
  })

  test('and meets a machine that cannot answer fails the job', async () => {
    const tools = new Echo()
    tools.failure = new SandboxError('the disk is full', { isRetryable: true })
    const host = await open('ask()')
    await expect(host.run({ ...JOB, tools })).rejects.toThrow('the disk is full')
  })
})
