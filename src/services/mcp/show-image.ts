import type { ImageContent } from '@modelcontextprotocol/sdk/types.js'
import { encodeView } from './encode-view.js'
import type { SessionImage, ViewWithin } from './image-session.js'

/** How large the pictures are that models see. */
export interface ShownSize {
  /** Bound of width × height. */
  maxPixels: number
  /** Bound of the file, before base64. */
  maxBytes: number
}

/** An image as content of a result, and what must be said of the copy; null where it is the image itself. */
export interface ShownImage {
  content: ImageContent
  note: string | null
}

/** Show an image of a session within the size. @throws as the view does. */
export async function showImage({
  shown: { image },
  view,
  size: { maxPixels, maxBytes },
}: {
  shown: Pick<SessionImage, 'image'>
  view: ViewWithin
  size: ShownSize
}): Promise<ShownImage> {
  const { bytes, mimeType, width, height } = await encodeView({ view, maxPixels, maxBytes })
  const notes = [
    ...(width === image.width && height === image.height
      ? []
      : [
          `You see a copy of ${width} × ${height} pixels; code gets the image itself, so coordinates count in its ${image.width} × ${image.height}.`,
        ]),
    ...(mimeType === 'image/jpeg' ? ['The copy is a JPEG: fine detail is clearer in a crop.'] : []),
  ]
  return {
    content: { type: 'image', data: bytes.toString('base64'), mimeType },
    note: notes.length === 0 ? null : notes.join(' '),
  }
}
