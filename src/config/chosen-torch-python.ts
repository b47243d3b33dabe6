import type { Environment } from './environment.js'

/** The interpreter with a PyTorch of its own that the user named in CODEVISION_TORCH_PYTHON (a path, or a name on the search path); undefined where none is named. */
export function chosenTorchPython(environment: Environment = process.env): string | undefined {
  const chosen = environment['CODEVISION_TORCH_PYTHON']?.trim()
  return chosen === '' ? undefined : chosen
}
