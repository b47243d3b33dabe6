import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { submitScript } from './submit-script.js'

const RUNNING = ' pods succeeded, 2 active,  failed '
const COMPLETE = '2 pods succeeded,  active,  failed SuccessCriteriaMet Complete'
const FAILED = '1 pods succeeded,  active, 1 failed FailureTarget Failed'
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'codevision-kubectl-'))
  // Stands for the cluster: of each Job a file with its states, a line for each time it is asked; the last line stays. UNREACHED: no answer.
  program(
    'kubectl',
    `#!/bin/bash
words=$*
echo "$words" >> ${folder}/asked
job=\${words##*job/} && job=\${job%% *}
case $words in
  get*)
    [ -e ${folder}/$job ] || exit 0
    state=$(head -1 ${folder}/$job)
    [ "$(wc -l < ${folder}/$job)" -le 1 ] || sed -i 1d ${folder}/$job
    [ "$state" != UNREACHED ] || { echo 'connection refused' >&2; exit 1; }
    printf %s "$state"
    ;;
  apply*merge.yaml) [ -e ${folder}/s-merge ] || cp ${folder}/next ${folder}/s-merge ;;
  delete*) rm ${folder}/$job ;;
  logs*) echo "log of $job" ;;
esac
`,
  )
  program('sleep', '#!/bin/sh\n')
  program('submit.sh', submitScript({ shards: 's-shards', merge: 's-merge' }))
})

afterEach(() => rmSync(folder, { recursive: true }))

function program(name: string, text: string): void {
  writeFileSync(join(folder, name), text)
  chmodSync(join(folder, name), 0o755)
}

/** Run it where Jobs say these things, one after the other; `next` is what a merge says that is applied. */
function submit(states: Record<'s-shards' | 'next', string[]> & { 's-merge'?: string[] }): {
  code: number
  out: string
} {
  for (const [name, said] of Object.entries(states))
    writeFileSync(join(folder, name), said.map((line) => `${line}\n`).join(''))
  try {
    const env = { ...process.env, PATH: `${folder}:${process.env.PATH}` }
    const args = [join(folder, 'submit.sh'), '--namespace', 'evaluations']
    return { code: 0, out: execFileSync('bash', args, { env, stdio: 'pipe' }).toString() }
  } catch (error) {
    const { status, stderr, stdout } = error as { status: number; stderr: Buffer; stdout: Buffer }
    return { code: status, out: `${stdout.toString()}${stderr.toString()}` }
  }
}

const asked = (): string => readFileSync(join(folder, 'asked'), 'utf8')

test('the merge is applied when the shards are complete, and its log is shown', () => {
  const { code, out } = submit({ 's-shards': [RUNNING, RUNNING, COMPLETE], next: [RUNNING, COMPLETE] })
  expect([code, out.endsWith('log of s-merge\n')]).toEqual([0, true])
  const applied = asked()
    .split('\n')
    .filter((line) => line.startsWith('apply'))
  expect(applied).toEqual([
    'apply --namespace evaluations --filename shards.yaml',
    'apply --namespace evaluations --filename merge.yaml',
  ])
})

test('a cluster that does not answer for a while is asked again', () => {
  const unreached = Array.from({ length: 59 }, () => 'UNREACHED')
  const { code } = submit({ 's-shards': [...unreached, RUNNING, ...unreached, COMPLETE], next: [COMPLETE] })
  expect(code).toBe(0)
})

test('a cluster that does not answer any more is told of, and nothing is applied or deleted', () => {
  const { code, out } = submit({ 's-shards': ['UNREACHED'], next: [COMPLETE] })
  expect([code, out]).toEqual([1, expect.stringContaining('s-shards: expected an answer of the cluster')])
  expect(asked()).not.toContain('merge')
})

test.each([COMPLETE, FAILED])('an old merge that says "%s" is not taken for the new one', (old) => {
  const { code } = submit({ 's-shards': [COMPLETE], 's-merge': [old], next: [RUNNING, COMPLETE] })
  expect(code).toBe(0)
  expect(asked()).toMatch(/delete --namespace evaluations job\/s-merge\n.*merge\.yaml/)
})

test('a merge that runs is watched, and not begun again', () => {
  const { code } = submit({ 's-shards': [COMPLETE], 's-merge': [RUNNING, COMPLETE], next: [FAILED] })
  expect([code, asked().includes('delete')]).toEqual([0, false])
})

test('a shard that failed for good is told of, and nothing is merged', () => {
  const { code, out } = submit({ 's-shards': [FAILED], next: [COMPLETE] })
  expect([code, out]).toEqual([1, expect.stringContaining('kubectl delete job/s-shards')])
  expect(existsSync(join(folder, 's-merge'))).toBe(false)
})

test('a merge that failed is told of with its log', () => {
  const { code, out } = submit({ 's-shards': [COMPLETE], next: [FAILED] })
  expect([code, out]).toEqual([1, expect.stringContaining('log of s-merge')])
})

test('a Job that is deleted while it is watched ends the watching', () => {
  const { code, out } = submit({ 's-shards': [RUNNING, ''], next: [COMPLETE] })
  expect([code, out]).toEqual([1, expect.stringContaining('s-shards: expected it to run')])
})
