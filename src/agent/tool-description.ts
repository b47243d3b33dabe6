import type { ToolDescription } from '../core/policy.js'

export const TOOL_NAME = 'code_image_tool'

/** The one tool, as it is described to the model: our own wording. */
export const CODE_IMAGE_TOOL: ToolDescription = {
  name: TOOL_NAME,
  description:
    'Run Python over one of the images and see the picture that it makes: crop, enlarge, rotate, mirror, change contrast, draw, or anything ' +
    'else that PIL, NumPy and OpenCV can do. The picture becomes the next image. If the code fails, the error comes back instead.',
  parameters: {
    type: 'object',
    properties: {
      code: {
        type: 'string',
        description:
          'Python code. image (or img) is the chosen image in full resolution, draw an ImageDraw over it. Put the picture to look at into ' +
          'result, for example: result = image.rotate(90, expand=True), or result = image.crop((left, top, right, bottom)), or ' +
          'result = ImageOps.mirror(image).',
      },
      description: { type: 'string', description: 'In a few words: what the code does, and what for.' },
      image_index: {
        type: 'integer',
        minimum: 0,
        description:
          'Which image the code gets, counted from 0: the images of the question first, then the results in order.',
      },
    },
    required: ['code', 'description', 'image_index'],
  },
}
