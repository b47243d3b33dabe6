import type { TfjsNodeVariant } from '../models/backend/find-tfjs-node.js'

/** The release of TensorFlow whose library is used, that of the Python wheels. */
export const TENSORFLOW_VERSION = '2.21.0'

/** A package of npm that goes into the build. */
export interface NpmPart {
  readonly name: string
  readonly version: string
  /** As in a package-lock.json. */
  readonly integrity: string
}

/** The JavaScript and C++ of the backend, what its JavaScript needs, and the headers of Node-API, which are the same for every Node: no headers of the installed one are needed. */
export const NPM_PARTS: readonly NpmPart[] = [
  {
    name: '@tensorflow/tfjs-node',
    version: '4.22.0',
    integrity:
      'sha512-uHrXeUlfgkMxTZqHkESSV7zSdKdV0LlsBeblqkuKU9nnfxB1pC6DtoyYVaLxznzZy7WQSegjcohxxCjAf6Dc7w==',
  },
  {
    name: 'google-protobuf',
    version: '3.21.4',
    integrity:
      'sha512-MnG7N936zcKTco4Jd2PX2U96Kf9PxygAPKBug+74LHzmHXmceN16MmRcdgZv+DGef/S9YvQAfRsNCn4cjf9yyQ==',
  },
  {
    name: 'node-api-headers',
    version: '1.9.0',
    integrity:
      'sha512-2oNILP4jXwRB4ywnYKjVk1YyJ96n2D4EOVJO6S3oYZ5PtbJrw3Yt9TpAuX3nBLMuzn74rnfGQrv13pS9vC+YiA==',
  },
]

/** A Python wheel that holds the library and its headers. */
export interface WheelPart {
  readonly name: string
  readonly version: string
  readonly sha256: string
}

const WHEELS: Readonly<Record<string, WheelPart>> = {
  'cpu-x64': {
    name: 'tensorflow-cpu',
    version: TENSORFLOW_VERSION,
    sha256: '2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c',
  },
  'cpu-arm64': {
    name: 'tensorflow',
    version: TENSORFLOW_VERSION,
    sha256: '4b24aca16d527a3cf1c37f720c04c484c3d20f4d0fdfa98632ac8b9f3be6eb5c',
  },
  'cuda-x64': {
    name: 'tensorflow',
    version: TENSORFLOW_VERSION,
    sha256: '9056fbc9ba04235810b71ae6cbd958a196e8804fb53bbcffbf3e23b56155f124',
  },
}

/** The wheel for Python 3.11 on Linux with glibc; null where TensorFlow has none. */
export function wheelPart({
  variant,
  architecture,
}: {
  variant: TfjsNodeVariant
  architecture: string
}): WheelPart | null {
  return WHEELS[`${variant}-${architecture}`] ?? null
}
