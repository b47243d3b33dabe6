import { readFileSync } from 'node:fs'
import { execa } from 'execa'
import { parse } from 'yaml'

/** A Job's manifest, as Kubernetes reads it. */
export function readJob(file) {
  return parse(readFileSync(file, 'utf8'))
}

/**
 * Run the command of a Job's pod on this machine as a process, with the pod's variables and the folder that it has here.
 * @param options.index of the pod; the Job's controller sets its variable. Null: the Job has no indices.
 */
export function runPod({ job, index = null, env = {}, cwd }) {
  const [container] = job.spec.template.spec.containers
  const own = Object.fromEntries((container.env ?? []).map(({ name, value }) => [name, expanded(value)]))
  const [file, ...args] = container.command.map(expanded)
  const indexed = index === null ? {} : { JOB_COMPLETION_INDEX: String(index) }
  return execa(file, args, { cwd, reject: false, all: true, env: { ...env, ...own, ...indexed } })
}

/** As the kubelet reads commands and variables, where no variable is named by `$(NAME)`: of two dollars one is left. */
function expanded(text) {
  return text.replaceAll('$$', '$')
}
