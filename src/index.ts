export { createSandbox, type CreateSandboxOptions, type RuntimeChoice } from './wiring.js'
export type { Sandbox, SandboxSession, SandboxProfile, SandboxVersions, ImageSource } from './core/sandbox.js'
export type { CodeCall } from './core/code-call.js'
export type { Execution, ExecutionOk, ExecutionFailed, ErrorKind, Operation } from './core/execution.js'
export type { SandboxImage, PixelMode } from './core/image.js'
export {
  CodeVisionError,
  UsageError,
  BridgeError,
  SandboxError,
  ModelError,
  JudgeError,
  StoreError,
} from './core/errors.js'
