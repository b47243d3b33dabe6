import type { CallToolResult, Tool } from '@modelcontextprotocol/sdk/types.js'
import { z } from 'zod'
import { readArguments, type McpTool, type ToolRequest } from './mcp-tool.js'
import type { ImageRequest, ImageSources } from './image-sources.js'
import { showImage, type ShownSize } from './show-image.js'

const NAME = 'open_image'
const source = z.string().min(1).optional()
const openArguments = z
  .strictObject({ path: source, url: source, data: source })
  .refine((given) => Object.values(given).filter((one) => one !== undefined).length === 1, {
    error: 'expected exactly one of `path`, `url` and `data`',
  })

/** Opens an image: from the folders that may be read, from the net where that is allowed, or as it is handed over. */
export class OpenImageTool implements McpTool {
  readonly description: Tool
  private readonly sources: ImageSources
  private readonly size: ShownSize

  constructor({ sources, size }: { sources: ImageSources; size: ShownSize }) {
    this.sources = sources
    this.size = size
    this.description = describe(sources)
  }

  async run({ given, session, signal }: ToolRequest): Promise<CallToolResult> {
    const asked = requestOf(readArguments({ tool: NAME, schema: openArguments, given }))
    const { opened, content, note } = await session.add({
      read: async (either) => this.sources.read(asked, { signal: either }),
      show: async (shown, view) => ({
        opened: shown,
        ...(await showImage({ shown, view, size: this.size })),
      }),
      signal,
    })
    const { index, image, origin } = opened
    const told = [
      `Image ${index} (${image.width} × ${image.height} pixels) is open: ${origin}.`,
      ...(image.isAnimated === true ? ['The file has several frames or pages; this is the first.'] : []),
      ...(note === null ? [] : [note]),
    ]
    return { content: [{ type: 'text', text: told.join(' ') }, content] }
  }
}

function requestOf({ path, url, data }: z.infer<typeof openArguments>): ImageRequest {
  if (path !== undefined) return { kind: 'path', path }
  return url !== undefined ? { kind: 'url', url } : { kind: 'data', data: data ?? '' }
}

/** Only what this server really takes is told. */
function describe({ roots, urls }: ImageSources): Tool {
  const properties = {
    ...(!roots.isEmpty && {
      path: {
        type: 'string',
        description: `Path of an image file, absolute or relative, under ${roots.folders.join(' or ')}.`,
      },
    }),
    ...(urls !== 'none' && {
      url: { type: 'string', description: 'Address of an image, with http:// or https://.' },
    }),
    data: { type: 'string', description: 'The image file itself as base64, or as a data: URL.' },
  }
  const names = Object.keys(properties)
  const which = names.length === 1 ? 'Give data.' : `Give one of ${names.join(', ')}.`
  return {
    name: NAME,
    title: 'Open an image',
    description: `Open an image to look at it closely. It becomes the next image of this session; its index and full size are told, and a copy is shown. ${which}`,
    inputSchema: { type: 'object', properties },
    annotations: { readOnlyHint: true, openWorldHint: urls !== 'none' },
  }
}
