import type { Task } from '../../core/task.js'
import type { MisnamedColumn } from '../layouts/misnamed-columns.js'
import type { Place } from './finding.js'
import type { UndonePixels } from './image-inspector.js'
import type { Inspection } from './inspection.js'

/** A row that could be read, with what its images turned out to be; the images themselves are gone. */
export interface CheckedRow {
  readonly place: Place
  /** Rows of other sources must not share images with it: what was named to be checked, and its split. */
  readonly source: string
  /** As the row is: in its own orientation, without the suite's prompt. */
  readonly task: Task
  /** What of the row could not be used. */
  readonly notices: readonly string[]
  /** Columns that look like one that is read and not there. */
  readonly misnamed: readonly MisnamedColumn[]
  /** One for each image of the task. */
  readonly images: readonly Inspection[]
  /** Other rows of the same name hold the same picture, perhaps transformed; null where nothing says so. */
  readonly picture: string | null
  /** Pixels of the first image with its transformation undone; null where the row has no `picture`, or an image that cannot be decoded. */
  readonly undone: UndonePixels | null
}
