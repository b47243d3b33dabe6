import { once } from 'node:events'
import type { CommandModule } from 'yargs'
import { listenForInterrupts } from './interrupts.js'
import { portOf } from './port-of.js'

interface ViewArguments {
  run: string[]
  port: number
}

export const viewCommand: CommandModule<object, ViewArguments> = {
  command: 'view <run..>',
  describe: 'Look at runs, and compare them, in a browser on this machine',
  builder: (command) =>
    command
      .positional('run', { type: 'string', array: true, demandOption: true, describe: 'Run folders' })
      .option('port', { type: 'number', default: 0, describe: 'On 127.0.0.1; 0: any that is free' })
      .example('$0 view runs/mine', 'One run, also one that is still being made')
      .example('$0 view runs/base runs/trained', 'Two runs, and which answers changed'),
  handler: async ({ run: paths, port: given }) => {
    const port = portOf(given)
    const { startViewServer } = await import('../report/view-server.js')
    const { drain = new AbortController().signal, stop } = listenForInterrupts({
      onDrain: () => undefined,
      onCancel: () => undefined,
    })
    try {
      console.error(`Reading ${paths.join(', ')}`)
      const server = await startViewServer({ paths, port, signal: drain })
      try {
        console.log(server.url)
        console.error('Open this address in a browser of this machine. Ctrl-C ends it.')
        if (!drain.aborted) await once(drain, 'abort')
      } finally {
        await server.close()
      }
    } finally {
      stop()
    }
  },
}
