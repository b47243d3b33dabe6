import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { closeAfter } from '../../core/close-after.js'
import { ServiceProcessError } from '../../core/errors.js'
import { parseMiniWorldConfig } from '../../data/mini-world/mini-world-config.js'
import { loadSuite } from '../../data/load-suite.js'
import { writeMiniWorld } from '../../data/mini-world/write-mini-world.js'
import { startServiceProcess } from '../start-service-process.js'

/** Small pictures, each orientation once, one picture a task. */
const WORLD = { rows: 6, seed: 'conformance', size: 512, view: 20_736, 'read-height': 9, pairs: 0 }

/** A service that was started for the work. */
export interface OwnService {
  url: string
  /** A right one of each task, in their order; null: it has no tasks. */
  answers: readonly string[] | null
  /** Of a server that opens files; null: it opens none. */
  files: RootedFiles | null
  signal: AbortSignal
}

/** Pictures of which a server may open one and not the other. */
export interface RootedFiles {
  inside: string
  outside: string
}

/**
 * Do some work with a service of its own on a free port of this machine: episodes over a few tasks that are drawn for it, or the MCP server. Service and tasks are gone afterwards, whatever came of it.
 * @param parameters.work told of the service, and aborted where it ends
 * @throws what the work throws; UsageError or ServiceProcessError where the service ends; AbortError
 */
export async function withOwnService<Value>({
  kind,
  places = null,
  tokenFile,
  signal,
  work,
}: {
  kind: 'env' | 'mcp'
  /** Calls that may run or wait there, all of one client; null: as many as it lets by itself. */
  places?: number | null
  /** Of the service too. */
  tokenFile: string | undefined
  signal: AbortSignal
  work: (service: OwnService) => Promise<Value>
}): Promise<Value> {
  const folder = await mkdtemp(join(tmpdir(), 'codevision-conformance-'))
  const closes: (() => unknown)[] = [() => rm(folder, { recursive: true, force: true })]
  return closeAfter({
    work: async () => {
      const drawn = kind === 'env' ? await drawTasks({ folder, signal }) : null
      const tasks = drawn === null ? [] : ['--data', drawn.path]
      const drawnFiles = kind === 'mcp' ? await drawFiles({ folder }) : null
      const roots = drawnFiles === null ? [] : ['--root', drawnFiles.root]
      const bound =
        places === null
          ? []
          : ['--concurrency', '1', '--queue', String(places - 1), '--calls-per-client', String(places + 2)]
      const token = tokenFile === undefined ? [] : ['--token-file', tokenFile]
      // Nobody waits for an answer any more when it ends; a connection that was opened and not used would be waited for.
      const options = [...tasks, ...roots, ...bound, ...token, '--drain', '1', '--log-level', 'error']
      const service = await startServiceProcess({ kind, options, signal })
      closes.unshift(() => service.stop())
      const gone = new AbortController()
      const lost = (how: string): Error =>
        new ServiceProcessError(
          `codevision serve ${kind}: expected it to answer until the end, got ${how}; why stands above.`,
        )
      service.ended.then(
        (how) => gone.abort(lost(how)),
        () => undefined,
      )
      const answers = drawn?.answers ?? null
      const files = drawnFiles?.files ?? null
      return work({ url: service.url, answers, files, signal: AbortSignal.any([signal, gone.signal]) })
    },
    close: closes,
  })
}

/** @returns the root to serve, with a picture in it and a picture beside it. */
async function drawFiles({ folder }: { folder: string }): Promise<{ root: string; files: RootedFiles }> {
  const root = join(folder, 'pictures')
  await mkdir(root)
  const files = { inside: join(root, 'inside.png'), outside: join(folder, 'outside.png') }
  const blank = sharp({ create: { width: 40, height: 30, channels: 3, background: 'red' } })
  await Promise.all(Object.values(files).map((file) => blank.clone().png().toFile(file)))
  return { root, files }
}

/** @returns the file of the rows, and a right answer to each. */
async function drawTasks({
  folder,
  signal,
}: {
  folder: string
  signal: AbortSignal
}): Promise<{ path: string; answers: string[] }> {
  const { path } = await writeMiniWorld({ config: parseMiniWorldConfig(WORLD), folder, signal })
  const suite = await loadSuite({ suite: path, data: path })
  const answers: string[] = []
  for await (const { task } of suite.tasks()) answers.push(task.answers[0] ?? '')
  return { path, answers }
}
