import { join } from 'node:path'
import { bubblewrapArguments } from '../../sandbox/bubblewrap.js'
import { probePython } from '../../setup/find-python.js'
import { packageDirectory, pySandboxDirectory, pythoniaPackage } from '../../setup/package-paths.js'
import { ensurePythonEnvironment } from '../../setup/python-environment.js'
import { findPythonPackages, installPythonPackages } from '../../setup/python-packages.js'
import { createSandbox, type RuntimeChoice } from '../../wiring.js'
import { codevisionPeer } from './codevision.js'
import { freshPeer } from './fresh-peer.js'
import type { Peer } from './peer.js'
import { pythonPeer } from './python-peer.js'

export interface OpenPeersParameters {
  runtime: RuntimeChoice
  /** Folder of memory through which pixels of the other peers cross. */
  folder: string
  onProgress: (line: string) => void
}

/** Every peer of the benchmark, installed and started. The first is the limit, the second this project's sandbox. */
export async function openPeers({ runtime, folder, onProgress }: OpenPeersParameters): Promise<{
  peers: Peer[]
  /** The runtime that was chosen. */
  runtimeName: string
}> {
  const { python, basePrefix, site } = await ensurePythonEnvironment({ onProgress })
  const scripts = join(packageDirectory(), 'benchmarks', 'perf', 'peers')
  const script = (name: string): [string, ...string[]] => [python, '-B', join(scripts, name), site]
  const kernelSite = await kernelPackages({ python, lock: join(scripts, 'kernel.lock'), onProgress })
  const isSystem = basePrefix === '/usr' || basePrefix.startsWith('/usr/')
  const contained = [
    ...bubblewrapArguments({
      python: {
        executable: python,
        basePrefix,
        site,
        sandboxPackage: pySandboxDirectory(),
        pythonia: pythoniaPackage().python,
      },
      exchange: folder,
      isRoot: process.getuid?.() === 0,
    }).slice(0, -1),
    // Its own program beside what every sandbox sees.
    ...['--ro-bind', join(scripts, 'fresh_exec.py'), '/tmp/fresh_exec.py', '--'],
    ...[isSystem ? python : '/opt/python/bin/python3.11', '-B', '/tmp/fresh_exec.py', '/opt/site'],
  ]
  const sandbox = await createSandbox({ runtime })
  const { runtime: runtimeName } = await sandbox.versions()
  const peers = [
    pythonPeer({ name: 'limit', command: script('plain_exec.py') }),
    codevisionPeer(sandbox),
    freshPeer({ name: 'fresh', command: script('fresh_exec.py'), folder }),
    pythonPeer({ name: 'kernel', command: [...script('kernel_call.py'), kernelSite, folder] }),
    freshPeer({ name: 'per-call-container', command: ['bwrap', ...contained], folder, seenAs: '/exchange' }),
  ]
  return { peers, runtimeName }
}

/** The Jupyter kernel, installed into its own folder of the cache. */
async function kernelPackages({
  python,
  lock,
  onProgress,
}: {
  python: string
  lock: string
  onProgress: (line: string) => void
}): Promise<string> {
  const found = await findPythonPackages({ lock, python })
  if (found) return found.site
  const probe = await probePython({ name: python })
  if (probe.status !== 'ok') throw new Error(`${python} cannot be used: ${probe.reason}`)
  const imports = ['ipykernel', 'jupyter_client']
  return (await installPythonPackages({ lock, interpreter: probe.interpreter, imports, onProgress })).site
}
