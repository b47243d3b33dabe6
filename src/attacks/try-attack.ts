import { ImageError } from '../core/errors.js'
import type { SandboxPool } from '../sandbox/pool.js'
import type { CodeAttack, ImageAttack, Outcome } from './attack.js'

const TIMEOUT_MS = 1_000
/** A sandbox that says nothing for so long hangs, which no attack may bring about. */
const HUNG_AFTER_MS = 45_000

/** Try an attack in a session of its own, and what it left behind in the next call of that session. */
export async function tryAttack({
  attack,
  pool,
  image,
}: {
  attack: CodeAttack | ImageAttack
  pool: SandboxPool
  image: Buffer
}): Promise<{ outcome: Outcome; left: string | null }> {
  try {
    return await within(
      HUNG_AFTER_MS,
      attack.by === 'code' ? ofCode(attack, pool, image) : ofImage(attack, pool),
    )
  } catch (error) {
    if (error instanceof ImageError)
      return { outcome: { status: 'refused', message: error.message }, left: null }
    return { outcome: { status: 'machine error', message: (error as Error).message }, left: null }
  }
}

async function ofCode(
  { code, timeoutMs = TIMEOUT_MS, witness }: CodeAttack,
  pool: SandboxPool,
  image: Buffer,
): Promise<{ outcome: Outcome; left: string | null }> {
  const session = await pool.open([image])
  try {
    const execution = await session.execute({ code }, { timeoutMs })
    if (!witness) return { outcome: { status: 'answered', execution }, left: null }
    const { stdout } = await session.execute({ code: witness.code })
    const left =
      stdout === witness.stdout ? null : `the next call printed ${JSON.stringify(stdout.slice(0, 200))}`
    return { outcome: { status: 'answered', execution }, left }
  } finally {
    await session.close()
  }
}

async function ofImage(
  { image }: ImageAttack,
  pool: SandboxPool,
): Promise<{ outcome: Outcome; left: string | null }> {
  const session = await pool.open([await image()])
  const sizes = session.images.map(({ width, height }) => `${width}×${height}`)
  await session.close()
  return {
    outcome: { status: 'machine error', message: `a session was opened over ${sizes.join(', ')}` },
    left: null,
  }
}

/** @throws Error when the promise has not settled by then. */
export async function within<T>(milliseconds: number, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const hung = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`nothing was heard for ${milliseconds} ms`)), milliseconds)
  })
  try {
    return await Promise.race([promise, hung])
  } finally {
    clearTimeout(timer)
  }
}
