import type { TextConfig } from '../config/model-config.js'
import { inverseFrequencies } from '../layers/rotary.js'
import type { RopePositions } from '../positions/rope-positions.js'

/**
 * Angles of M-RoPE, [tokens × headSize / 2]: each frequency turns by the position of its axis. The axes' frequencies stand one section after the other (Qwen2.5), or alternate
 * time, height, width until the sections of height and width are used up (Qwen3).
 */
export function ropeAngles({
  positions: { axes },
  config: { ropeTheta, ropeSections, isRopeInterleaved, headSize },
}: {
  positions: Pick<RopePositions, 'axes'>
  config: Pick<TextConfig, 'ropeTheta' | 'ropeSections' | 'isRopeInterleaved' | 'headSize'>
}): Float32Array {
  const inverse = inverseFrequencies({ theta: ropeTheta, size: headSize })
  const axisOf = isRopeInterleaved ? interleaved(ropeSections) : sequential(ropeSections)
  const tokens = axes[0].length
  const angles = new Float32Array(tokens * inverse.length)
  for (let frequency = 0; frequency < inverse.length; frequency++) {
    const axis = axes[axisOf[frequency] ?? 0]
    const step = inverse[frequency] ?? 0
    for (let token = 0; token < tokens; token++)
      angles[token * inverse.length + frequency] = (axis?.[token] ?? 0) * step
  }
  return angles
}

function sequential(sections: readonly number[]): number[] {
  return sections.flatMap((count, axis) => Array.from({ length: count }, () => axis))
}

function interleaved([time, height, width]: readonly [number, number, number]): number[] {
  return Array.from({ length: time + height + width }, (_, at) => {
    const axis = at % 3
    const end = axis === 1 ? height * 3 : axis === 2 ? width * 3 : 0
    return at < end ? axis : 0
  })
}
