import { markup, type Html } from '../../../report/page/markup.js'
import { armClass } from './arm-colours.js'

/** Name of an arm behind a mark of its colour. */
export function armName({ name, place }: { name: string; place: number }): Html {
  return markup`<i class="arm ${armClass(place)}"></i>${name}`
}
