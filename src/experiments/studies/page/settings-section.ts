import { join, relative } from 'node:path'
import type { GrpoConfig } from '../../../config/training-schema.js'
import { markup, type Html } from '../../../report/page/markup.js'
import { describeArm } from '../describe-arm.js'
import type { MeasuredArms } from '../measured-arm.js'
import type { Study } from '../study.js'
import { armName } from './arm-name.js'

/** What was set, what each arm changes of it, where its runs lie, and the command that makes all of it again. */
export function settingsSection({
  study,
  measured,
  base,
  command,
  folder,
  output,
}: {
  study: Study
  measured: MeasuredArms
  base: GrpoConfig
  command: string
  /** That of the page, absolute, and as the user named it. */
  folder: string
  output: string
}): Html {
  const { model, reward, agent, training } = base
  const settings = { ...model, path: undefined }
  const commands = study.arms.flatMap(({ name }) =>
    (measured.get(name) ?? []).map(({ folders }) => join(output, relative(folder, folders.evaluation))),
  )
  return markup`<div class="scroll">
      <table class="words">
        <thead>
          <tr>
            <th scope="col">Arm</th>
            <th scope="col">what it is</th>
            <th scope="col">runs</th>
          </tr>
        </thead>
        <tbody>
          ${study.arms.map(
            ({ name, arm }, place) =>
              markup`<tr>
                <td>${armName({ name, place })}</td>
                <td>${describeArm(arm)}</td>
                <td>
                  ${(measured.get(name) ?? []).map(
                    ({ seed, folders }) =>
                      markup`<div>seed ${seed}: ${[folders.training, folders.evaluation].flatMap((path) => (path === null ? [] : markup`<code>${relative(folder, path)}</code> `))}</div>`,
                  )}
                </td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    <h3>Every training</h3>
    <pre>${JSON.stringify({ model: settings, reward, training, turns: agent.turns, tokensPerTurn: agent.tokensPerTurn, maxPixels: agent.maxPixels }, null, 2)}</pre>
    <h3>Again</h3>
    <pre>
${command}
codevision view ${[...new Set(commands)].slice(0, 2).join(' ')}</pre
    >`
}
