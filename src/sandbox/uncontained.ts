import { startProcess } from '../bridge/process-wire.js'
import { HOST_ENVIRONMENT, hostArguments, type PythonParts, type Runtime } from './runtime.js'

/** No containment but the worker's own lock-down: for trusted code on a machine that has nothing else. Never chosen by itself. */
export function uncontainedRuntime({ python }: { python: PythonParts }): Runtime {
  return {
    name: 'none',
    exchangeOwner: undefined,
    async start({ exchange, spare }) {
      const { executable, site, pythonia, sandboxPackage } = python
      return startProcess({
        command: [
          executable,
          ...['-I', '-S', '-B', `${sandboxPackage}/py_sandbox/bootstrap.py`],
          ...hostArguments({ site, pythonia, spare }),
          ...['--exchange', exchange],
        ],
        environment: HOST_ENVIRONMENT,
      })
    },
  }
}
