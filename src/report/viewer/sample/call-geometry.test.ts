import { expect, test } from '@jest/globals'
import type { Operation } from '../../../core/execution.js'
import type { Trajectory, TrajectoryCall } from '../../../core/trajectory.js'
import { geometryOf } from './call-geometry.js'

const TASK = { width: 400, height: 200 }

interface Step {
  input?: number
  size: { width: number; height: number }
  operations: Partial<Operation>[]
}

function trajectoryOf(steps: readonly Step[]): Pick<Trajectory, 'images' | 'calls'> {
  const entry = (size: typeof TASK, call: number | null) => ({ sha256: '', ...size, call, view: null })
  return {
    images: [entry(TASK, null), ...steps.map(({ size }, index) => entry(size, index))],
    calls: steps.map(({ input = 0, size, operations }, index): TrajectoryCall => ({
      turn: index,
      call: { code: '', imageIndex: input },
      execution: {
        ...{ status: 'ok', unchanged: false, imageIndex: index + 1, stdout: '', durationMs: 1 },
        image: { sha256: '', ...size, mode: 'RGB', sourceMode: 'RGB' },
        operations: operations.map((operation) => ({
          ...{ op: null, call: '', args: [], affine: null, box: null, verified: true, ...operation },
        })),
      },
    })),
  }
}

const CROP: Partial<Operation> = { op: 'crop', affine: [1, 0, 100, 0, 1, 50], box: [100, 50, 180, 90] }
const TWICE: Partial<Operation> = { op: 'resize', affine: [0.5, 0, 0, 0, 0.5, 0], box: [100, 50, 180, 90] }
const RECTANGLE = [
  [100, 50],
  [180, 50],
  [180, 90],
  [100, 90],
]

function regionOfOnly(step: Step) {
  const trajectory = trajectoryOf([step])
  return geometryOf(trajectory).regionOf(trajectory.calls[0] as TrajectoryCall)
}

test('a crop that is enlarged shows its rectangle of the input', () => {
  const region = regionOfOnly({ size: { width: 160, height: 80 }, operations: [CROP, TWICE] })
  expect(region).toEqual({ outline: RECTANGLE, isVerified: true })
})

test('what shows all of the input has no outline', () => {
  const mirrored = { op: 'flip_horizontal', affine: [-1, 0, 400, 0, 1, 0] }
  expect(regionOfOnly({ size: TASK, operations: [mirrored] })).toBeNull()
})

test('an operation that is no such map leaves what the pixels were found to show', () => {
  const warped = { op: null, call: 'cv2.remap', affine: null }
  const region = regionOfOnly({ size: { width: 80, height: 40 }, operations: [CROP, warped] })
  expect(region?.outline).toEqual(RECTANGLE)
  expect(regionOfOnly({ size: { width: 80, height: 40 }, operations: [warped] })).toBeNull()
})

test('operations that contradict the pixels are not believed', () => {
  const wrong = { ...CROP, affine: [1, 0, 300, 0, 1, 100] }
  const trajectory = trajectoryOf([{ size: { width: 80, height: 40 }, operations: [wrong] }])
  const geometry = geometryOf(trajectory)
  expect(geometry.regionOf(trajectory.calls[0] as TrajectoryCall)?.outline).toEqual(RECTANGLE)
  expect(geometry.origins[1]).toEqual({ root: 0, map: null })
  expect(geometry.place([100, 50, 180, 90], 1)).toBeNull()
})

test('a box of the task is followed through rotation and crop, and is nowhere where it was cut away', () => {
  // Turned by 90 degrees counter-clockwise: (x, y) of the result is (400 - y, x) of the task.
  const turn = { op: 'rotate_90', affine: [0, -1, 400, 1, 0, 0], box: [0, 0, 400, 200] as const }
  const part = { op: 'crop', affine: [1, 0, 40, 0, 1, 200], box: [100, 40, 200, 120] as const }
  const { place } = geometryOf(
    trajectoryOf([
      { size: { width: 200, height: 400 }, operations: [turn] },
      { input: 1, size: { width: 80, height: 100 }, operations: [part] },
    ]),
  )
  expect(place([100, 50, 180, 90], 1)).toEqual([
    [50, 300],
    [50, 220],
    [90, 220],
    [90, 300],
  ])
  expect(place([100, 50, 180, 90], 2)).toEqual([
    [10, 100],
    [10, 20],
    [50, 20],
    [50, 100],
  ])
  expect(place([300, 150, 400, 200], 2)).toBeNull()
})

test('a call over an image that is not there is drawn nowhere', () => {
  const trajectory = trajectoryOf([{ input: 7, size: { width: 80, height: 40 }, operations: [CROP] }])
  const geometry = geometryOf(trajectory)
  expect(geometry.regionOf(trajectory.calls[0] as TrajectoryCall)).toBeNull()
  expect(geometry.place([0, 0, 9, 9], 1)).toBeNull()
})
