import { afterAll, expect, test } from '@jest/globals'
import { spawnSync } from 'node:child_process'
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { abandonedContainers, removeAbandonedContainer } from './abandoned-containers.js'
import { containerArguments, PROCESS_LABEL } from './container.js'
import { processIdentity } from './process-identity.js'

const folder = await mkdtemp(join(tmpdir(), 'codevision-containers-'))
afterAll(() => rm(folder, { recursive: true }))

/** A client of an engine that knows some containers by their labels, and writes down what it is asked. */
async function startEngine(owners: Readonly<Record<string, string>>): Promise<void> {
  const answer = Object.entries(owners).map(([id, owner]) => ({
    Id: id,
    Name: `/name-of-${id}`,
    SizeRw: 1000,
    Config: { Labels: { [PROCESS_LABEL]: owner } },
  }))
  const ids = Object.keys(owners).join('\\n')
  const program = join(folder, 'docker')
  await writeFile(
    program,
    `#!/bin/sh\necho "$@" >> ${folder}/asked\ncase $1 in\nps) printf '${ids}\\n';;\ninspect) cat <<'EOF'\n${JSON.stringify(answer)}\nEOF\n;;\nesac\n`,
  )
  await chmod(program, 0o755)
}

const engine = { binary: 'docker' as const, environment: { PATH: `${folder}:${process.env['PATH']}` } }

test('only containers of processes of this machine that are gone are told, and removed', async () => {
  const mine = processIdentity()
  const { pid: dead } = spawnSync('true')
  const gone = mine.replace(/\d+$/, String(dead))
  await startEngine({
    orphan: gone,
    alive: mine,
    elsewhere: `another-machine/${gone.split('/').slice(1).join('/')}`,
    'in-another-container': gone.replace(/\/\d+\//, '/1/'),
    nobodys: '',
  })
  expect(await abandonedContainers(engine)).toEqual([{ id: 'orphan', name: 'name-of-orphan', bytes: 1000 }])
  await removeAbandonedContainer({ ...engine, id: 'orphan' })
  expect(await readFile(join(folder, 'asked'), 'utf8')).toMatch(/rm --force orphan\n$/)
})

test('a container is started with the label of its process', () => {
  const parameters = {
    binary: 'docker',
    name: 'n',
    user: '1:1',
    exchange: '/e',
    memoryBytes: 1,
    pids: 1,
  } as const
  expect(containerArguments(parameters)).toContain(`${PROCESS_LABEL}=${processIdentity()}`)
})

test('where no engine is, there are none', async () => {
  expect(await abandonedContainers({ binary: 'podman', environment: { PATH: folder } })).toEqual([])
})
