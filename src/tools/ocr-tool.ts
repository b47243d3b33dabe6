import { defineTool } from '../core/define-tool.js'
import type { HostTool, ToolLimits } from '../core/host-tool.js'
import { createOcrPool } from '../policies/tesseract/ocr-pool.js'

const DESCRIPTION =
  'Reads the text of an image (English, upright). Gives its words, each with text, confidence from 0 to 100 and box [left, top, right, bottom] in pixels of that image. layout="block" reads lines of one column, "sparse" (default) words anywhere.'

/**
 * OCR by Tesseract: `tools.ocr(image)` gives the words of an image with their boxes, in pixels of the image that was handed over.
 * @param workers threads that read; they are started with the sandbox.
 */
export function createOcrTool({
  workers = 1,
  limits,
}: { workers?: number; limits?: Partial<ToolLimits> } = {}): HostTool {
  const pool = createOcrPool({ size: workers })
  return defineTool({
    description: DESCRIPTION,
    parameters: {
      image: 'image',
      layout: { type: 'choice', choices: ['sparse', 'block'], optional: true },
    },
    result: 'boxes',
    limits,
    open: () => pool.start(),
    call: async ({ image, layout = 'sparse' }, { signal }) => {
      const words = await pool.read({ image: await image.png(), layout, signal })
      return words.map(({ text, confidence, box }) => ({
        text,
        confidence: Math.round(confidence),
        box: [...box],
      }))
    },
    close: () => pool.close(),
  })
}
