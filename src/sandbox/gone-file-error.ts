import { SandboxError } from '../core/errors.js'

/** A file of the exchange directory is not what was announced: it is gone, no regular file, or of another size. The other side's doing, not the machine's. */
export class GoneFileError extends SandboxError {}
