import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'

const SCRIPT = fileURLToPath(new URL('peers/torch_engine.py', import.meta.url))

/** The same work done by transformers on torch, in a process of its own that stays alive between rounds. */
export function openTorchEngine({ torch, folder }) {
  const child = execa(torch.python, [SCRIPT, folder], {
    env: { PYTHONPATH: torch.site },
    stdin: 'pipe',
    stdout: 'pipe',
    stderr: 'inherit',
    buffer: false,
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return {
    async round() {
      child.stdin.write('\n')
      const { value, done } = await lines.next()
      if (done) throw new Error('expected the seconds of a round, but the process with torch ended')
      return JSON.parse(value)
    },
    async close() {
      child.stdin.end()
      await child
    },
  }
}
