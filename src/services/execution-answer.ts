import type { Execution } from '../core/execution.js'
import type { SandboxImage } from '../core/image.js'
import type { ExecuteAnswer } from './answers.js'
import { Base64 } from './base64.js'

export interface ExecutionAnswerParameters {
  callId: string
  /** What a model is told of it. */
  text: string
  execution: Execution
  encoding: 'png' | 'pixels' | 'none'
  /** What is sent in place of the image itself: the copy that the model sees. */
  view: SandboxImage | undefined
}

/** An execution as JSON. */
export async function executionAnswer({
  callId,
  text,
  execution,
  encoding,
  view,
}: ExecutionAnswerParameters): Promise<ExecuteAnswer> {
  const { stdout, operations, durationMs } = execution
  const common = {
    call_id: callId,
    text,
    stdout,
    operations: operations.map(({ op, call, args, affine, box, verified, tool }) => ({
      ...{ op, call, args, affine, verified },
      box: box === null ? null : [...box],
      ...(tool && {
        tool: { outcome: tool.outcome, message: tool.message, duration_ms: tool.durationMs },
      }),
    })),
    duration_ms: durationMs,
  }
  if (execution.status === 'error') {
    const { kind, type, message, traceback, line, width, height } = execution
    const size = width !== undefined && height !== undefined ? { width, height } : {}
    return { ...common, status: 'error', kind, type, message, traceback, line, ...size }
  }
  const { image, unchanged, imageIndex } = execution
  const data = encoding === 'none' ? null : new Base64(await encode(view ?? image, encoding))
  return {
    ...common,
    status: 'ok',
    image: {
      index: imageIndex,
      width: image.width,
      height: image.height,
      mode: image.mode,
      source_mode: image.sourceMode,
      view: view === undefined ? null : { width: view.width, height: view.height },
      encoding,
      data,
    },
    unchanged,
    image_index: imageIndex,
  }
}

/** A PNG file, or width × height × channels bytes. */
export async function encode(image: SandboxImage, encoding: 'png' | 'pixels'): Promise<Buffer> {
  return encoding === 'png' ? image.png() : image.pixels()
}
