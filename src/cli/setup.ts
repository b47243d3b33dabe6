import { oneOf } from './one-of.js'
import type { CommandModule } from 'yargs'
import type { ContainerBinary } from '../setup/container-engine.js'

const COMPONENTS = ['python', 'sandbox', 'docker'] as const

interface SetupArguments {
  component: (typeof COMPONENTS)[number] | undefined
  'if-missing': boolean
  engine: ContainerBinary
  'base-image': string | undefined
}

export const setupCommand: CommandModule<object, SetupArguments> = {
  command: 'setup [component]',
  describe: 'Install or build what the sandbox needs here',
  builder: (command) =>
    command
      .positional('component', {
        ...oneOf('setup', COMPONENTS),
        describe: 'Only this: the Python environment, a runtime for the sandbox, or its container image',
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
      .example('$0 setup', 'All that is missing: Python packages, and bubblewrap as root on Debian or Ubuntu')
      .example('$0 setup python', 'Only the Python environment, from hashed wheels')
      .example('$0 setup docker --base-image my-base:3.11', 'The image, where no registry can be reached'),
  handler: async ({ component, ifMissing, engine, baseImage }) => {
    const interrupt = new AbortController()
    const onInterrupt = () => interrupt.abort()
    process.once('SIGINT', onInterrupt)
    // Loaded here, so that other commands and `--if-missing` do not pay for it.
    const { setUp } = await import('../setup/set-up.js')
    try {
      const done = await setUp({
        component: component ?? 'all',
        isOnlyMissing: ifMissing,
        engine,
        baseImage,
        signal: interrupt.signal,
        onProgress: (message) => console.error(message),
      })
      if (done !== null) console.log(done)
    } finally {
      process.off('SIGINT', onInterrupt)
    }
  },
}
