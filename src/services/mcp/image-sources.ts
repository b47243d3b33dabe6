import { basename } from 'node:path'
import { decodeImage } from '../decode-image.js'
import { fetchImage } from './fetch-image.js'
import type { ImageRoots } from './image-roots.js'
import type { McpLimits } from './mcp-limits.js'
import { isPrivateAddress } from './private-addresses.js'
import { readRootedFile } from './read-rooted-file.js'
import { cannotOpen, fileTooLarge } from './refusals.js'

/** Whether images are fetched from the net: not at all, from public addresses, from any. */
export type UrlRule = 'none' | 'public' | 'any'

/** One image as a client names it. */
export type ImageRequest =
  | { kind: 'path'; path: string }
  | { kind: 'url'; url: string }
  /** Base64, or a data: URL. */
  | { kind: 'data'; data: string }

export interface ReadImage {
  bytes: Buffer
  /** How the image is called from then on: short, on one line. */
  origin: string
}

/** Where a server takes images from, and what it refuses. */
export class ImageSources {
  readonly roots: ImageRoots
  readonly urls: UrlRule
  private readonly limits: Pick<McpLimits, 'fileBytes' | 'fetchMs'>

  constructor({
    roots,
    urls,
    limits,
  }: {
    roots: ImageRoots
    urls: UrlRule
    limits: Pick<McpLimits, 'fileBytes' | 'fetchMs'>
  }) {
    this.roots = roots
    this.urls = urls
    this.limits = limits
  }

  /** The bytes of an image. @throws ServiceError that says why there are none; the signal's reason. */
  async read(request: ImageRequest, { signal }: { signal: AbortSignal }): Promise<ReadImage> {
    const { fileBytes: maxBytes, fetchMs: timeoutMs } = this.limits
    switch (request.kind) {
      case 'path': {
        const { path } = request
        const bytes = await readRootedFile({ path, roots: this.roots, maxBytes })
        return { bytes, origin: oneLine(basename(path)) }
      }
      case 'url': {
        const { url } = request
        if (this.urls === 'none')
          throw cannotOpen({
            message: 'This server opens no URLs.',
            hint: 'Hand over the image as data, or start the server with --allow-urls.',
          })
        const mayConnect = (address: string): boolean => this.urls === 'any' || !isPrivateAddress(address)
        const bytes = await fetchImage({ url, mayConnect, maxBytes, timeoutMs, signal })
        return { bytes, origin: oneLine(url.split(/[?#]/)[0] ?? '') }
      }
      case 'data': {
        // Models break long lines.
        const text = request.data.replace(/\s+/g, '')
        if (text.length > (maxBytes * 4) / 3 + 100) throw fileTooLarge({ what: 'The image', limit: maxBytes })
        return { bytes: decodeImage({ text, name: 'data' }), origin: 'data' }
      }
    }
  }
}

function oneLine(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
  return line.length > 120 ? `${line.slice(0, 119)}…` : line
}
