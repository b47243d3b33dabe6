import { UsageError } from '../core/errors.js'
import { oneOf } from './one-of.js'
import type { CommandModule } from 'yargs'
import type { ContainerBinary } from '../setup/container-engine.js'

const COMPONENTS = ['python', 'sandbox', 'docker', 'tfjs'] as const

interface SetupArguments {
  component: (typeof COMPONENTS)[number] | undefined
  'if-missing': boolean
  engine: ContainerBinary
  'base-image': string | undefined
  cuda: boolean
  torch: boolean
}

export const setupCommand: CommandModule<object, SetupArguments> = {
  command: 'setup [component]',
  describe: 'Install or build what the sandbox, or the engine, needs here',
  builder: (command) =>
    command
      .positional('component', {
        ...oneOf('setup', COMPONENTS),
        describe:
          'Only this: the Python environment, a runtime for the sandbox, its container image, or the native backend of the engine',
      })
      .option('if-missing', {
        type: 'boolean',
        default: false,
        describe: 'Say and do nothing where all is there',
      })
      .option('engine', {
        ...oneOf('--engine', ['docker', 'podman']),
        default: 'docker' as const,
        describe: 'Which engine the image is built with',
      })
      .option('base-image', { type: 'string', describe: 'Image with python3.11 to build on' })
      .option('cuda', {
        type: 'boolean',
        default: false,
        describe: 'tfjs: with kernels for NVIDIA GPUs (some gigabytes)',
      })
      .option('torch', {
        type: 'boolean',
        default: false,
        describe: 'python: the packages of the torch engine instead (5.5 GB)',
      })
      .check(({ component, cuda, torch }) => {
        if (torch && component !== 'python')
          throw new UsageError(
            '--torch is for the Python of the torch engine: codevision setup python --torch',
          )
        if (cuda && component !== 'tfjs')
          throw new UsageError('--cuda is for the native backend of the engine: codevision setup tfjs --cuda')
        return true
      })
      .example('$0 setup', 'All that is missing: Python packages, and bubblewrap as root on Debian or Ubuntu')
      .example('$0 setup python', 'Only the Python environment, from hashed wheels')
      .example('$0 setup python --torch', 'PyTorch and transformers, for --policy torch')
      .example('$0 setup docker --base-image my-base:3.11', 'The image, where no registry can be reached')
      .example('$0 setup tfjs', 'A native backend for models that run in this process: several times faster'),
  handler: async ({ component, ifMissing, engine, baseImage, cuda, torch }) => {
    const interrupt = new AbortController()
    const onInterrupt = () => interrupt.abort()
    process.once('SIGINT', onInterrupt)
    // Loaded here, so that other commands and `--if-missing` do not pay for it.
    const { setUp } = await import('../setup/set-up.js')
    try {
      const done = await setUp({
        component: torch ? 'torch' : (component ?? 'all'),
        isOnlyMissing: ifMissing,
        engine,
        baseImage,
        isCuda: cuda,
        signal: interrupt.signal,
        onProgress: (message) => console.error(message),
      })
      if (done !== null) console.log(done)
    } finally {
      process.off('SIGINT', onInterrupt)
    }
  },
}
