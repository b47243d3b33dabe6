import sharp from 'sharp'
import { loadSuite } from '../../dist/index.js'

/** What a scripted model knows of the rows of a file and the service does not tell: answers, what was applied, required tools, the target's box in the picture and in the upright one (null: none). */
export async function knownTasks(file) {
  const tasks = []
  for await (const { task } of (await loadSuite({ suite: file })).tasks()) {
    const { key, question, answers, transform, requiredTools: tools, box } = task
    const size = await sharp(await task.images[0].read()).metadata()
    const upright = box === null ? null : uprightBox({ box, transform, size }).map(Math.round)
    tasks.push({ key, question, answer: answers[0], transform, tools, box, upright })
  }
  return tasks
}

function uprightBox({ box: [left, top, right, bottom], transform, size: { width: w, height: h } }) {
  return {
    none: [left, top, right, bottom],
    rotate_90: [h - bottom, left, h - top, right],
    rotate_180: [w - right, h - bottom, w - left, h - top],
    rotate_270: [top, w - right, bottom, w - left],
    flip_horizontal: [w - right, top, w - left, bottom],
    flip_vertical: [left, h - bottom, right, h - top],
  }[transform]
}
