import { UsageError } from '../core/errors.js'

/** An image that was handed in cannot be used: corrupt, empty, too large. */
export class ImageError extends UsageError {}
