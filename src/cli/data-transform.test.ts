import { spawn } from 'node:child_process'
import { access, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from '@jest/globals'
import sharp from 'sharp'

/** The command as a user runs it. */
const program = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))
const folder = await mkdtemp(join(tmpdir(), 'codevision-transform-cli-'))
process.env['CODEVISION_CACHE'] = join(folder, 'cache')
afterAll(() => rm(folder, { recursive: true, force: true }))

const image = await sharp({ create: { width: 600, height: 400, channels: 3, background: 'teal' } })
  .png()
  .toBuffer()
const line = JSON.stringify({ question: 'Q?', answer: 'a', image: { bytes: image.toString('base64') } })
await writeFile(join(folder, 'rows.jsonl'), `${line}\n`.repeat(2000))

function transform(
  output: string,
  { interruptAt, more = [] }: { interruptAt?: string; more?: string[] } = {},
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const args = [program, 'data', 'transform', 'rows.jsonl', '--output', output, ...more]
  const child = spawn(process.execPath, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
  const out = { stdout: '', stderr: '' }
  child.stdout.on('data', (chunk) => (out.stdout += String(chunk)))
  child.stderr.on('data', (chunk) => (out.stderr += String(chunk)))
  const watch = setInterval(() => {
    if (interruptAt === undefined) return
    void access(join(folder, interruptAt)).then(
      () => {
        clearInterval(watch)
        child.kill('SIGINT')
      },
      () => undefined,
    )
  }, 5)
  return new Promise((resolve) =>
    child.on('close', (code) => {
      clearInterval(watch)
      resolve({ code, ...out })
    }),
  )
}

test.each(['turned.parquet', 'turned.jsonl'])(
  'Ctrl-C while %s is written ends with exit code 130 and leaves nothing; started again, it is written',
  async (output) => {
    const stopped = await transform(output, { interruptAt: `${output}.partial` })
    expect(stopped).toMatchObject({ code: 130, stdout: '' })
    expect(stopped.stderr).toMatch(new RegExp(`Stopping; ${output} is not written`))
    expect((await readdir(folder)).filter((name) => name.startsWith(output))).toEqual([])
    const again = await transform(output, { more: ['--limit', '10'] })
    expect(again).toMatchObject({ code: 0, stdout: `10 rows: ${output}\n` })
    expect(again.stderr).toMatch(/writing 10 of 10 rows/)
  },
)
