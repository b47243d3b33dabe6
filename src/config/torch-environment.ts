import type { Environment } from './environment.js'

const NAMES = ['PATH', 'HOME', 'USER', 'TMPDIR', 'LANG', 'LD_LIBRARY_PATH']
/** Which GPU, how many threads, how memory is divided. */
const PREFIXES = [
  'CUDA_',
  'NVIDIA_',
  'OMP_',
  'MKL_',
  'KMP_',
  'PYTORCH_',
  'TORCH_',
  'TORCHINDUCTOR_',
  'TRITON_',
]

/** What the process of the torch engine needs of our environment, and nothing that may be secret. */
export function torchProcessEnvironment(environment: Environment = process.env): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).filter(
      (entry): entry is [string, string] =>
        entry[1] !== undefined &&
        (NAMES.includes(entry[0]) || PREFIXES.some((prefix) => entry[0].startsWith(prefix))),
    ),
  )
}
