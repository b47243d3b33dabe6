import type { Orientation } from '../../core/orientation.js'

/** An orientation in two steps: mirrored left to right or not, and then turned by quarters, counter-clockwise. */
export interface MirrorAndTurns {
  isMirrored: boolean
  /** 0 to 3. */
  turns: number
}

const STEPS: Readonly<Record<Orientation, MirrorAndTurns>> = {
  none: { isMirrored: false, turns: 0 },
  rotate_90: { isMirrored: false, turns: 1 },
  rotate_180: { isMirrored: false, turns: 2 },
  rotate_270: { isMirrored: false, turns: 3 },
  flip_horizontal: { isMirrored: true, turns: 0 },
  transpose: { isMirrored: true, turns: 1 },
  flip_vertical: { isMirrored: true, turns: 2 },
  transverse: { isMirrored: true, turns: 3 },
}

/** The two steps that an orientation comes down to; no two orientations have the same. */
export function mirrorAndTurns(orientation: Orientation): MirrorAndTurns {
  return STEPS[orientation]
}
