import { UsageError } from '../core/errors.js'

/** An image that was handed in cannot be used: corrupt, empty, too large; retryable where decoding took too long or its worker died, which may be the machine's doing. */
export class ImageError extends UsageError {}
