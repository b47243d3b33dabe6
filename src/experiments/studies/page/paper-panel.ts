import { panel } from '../../../report/curation/figures.js'
import { markup, type Html } from '../../../report/page/markup.js'
import type { PaperTable, Study } from '../study.js'

/** What the paper says, with its own figures where it has a table of them. */
export function paperPanel({ statement, paper }: Study): Html {
  return panel(
    'The paper (arXiv 2512.03746)',
    markup`${statement.map((one) => markup`<p>${one}</p>`)}
      ${paper === undefined ? null : table(paper)}`,
  )
}

function table({ columns, rows }: PaperTable): Html {
  return markup`<div class="scroll">
    <table>
      <thead>
        <tr>
          <th scope="col">7B, in the paper</th>
          ${columns.map((column) => markup`<th scope="col">${column}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ({ name, values }) =>
            markup`<tr>
              <td>${name}</td>
              ${values.map((value) => markup`<td>${value.toFixed(1)}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`
}
