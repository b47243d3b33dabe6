import { expect, test } from '@jest/globals'
import { readShellSettings } from './shell-settings.js'

const SCRIPT = `#!/bin/bash
# turns=3
export ADDRESS="http://host"
MODEL='Org/Model-7B'   # the checkpoint
files="['a.parquet','b.parquet']"
prompt_len=$((1024 * 16))
response_len=$((prompt_len / 2 + (3 - 1) * 4))
both=$((\${prompt_len} + $response_len))
broken=$((two + 2))
folder="./out/\${MODEL}"
here="$(pwd)"
flag=True

run submit --now \\
    -- python3 -m trainer \\
    data.length=\${both} \\
    +data.files=\${files} \\
    actor.optim.lr=1e-6 \\
    actor.name=plain \\
    trainer.logger='["console","board"]' \\
    trainer.resume=\${flag} \\
    trainer.unknown=\${nothing} \\
    trainer.last=-0.5
`

test('variables are resolved in order: quotes, references, sums; comments are not read', () => {
  expect(Object.fromEntries(readShellSettings(SCRIPT).variables)).toEqual({
    ADDRESS: 'http://host',
    MODEL: 'Org/Model-7B',
    files: "['a.parquet','b.parquet']",
    prompt_len: 16384,
    response_len: 8200,
    both: 24584,
    broken: '$((two + 2))',
    folder: './out/Org/Model-7B',
    here: '$(pwd)',
    flag: true,
  })
})

test('settings that are passed on, over several lines, have the values of the variables', () => {
  expect(Object.fromEntries(readShellSettings(SCRIPT).overrides)).toEqual({
    'data.length': 24584,
    'data.files': "['a.parquet','b.parquet']",
    'actor.optim.lr': 1e-6,
    'actor.name': 'plain',
    'trainer.logger': '["console","board"]',
    'trainer.resume': true,
    'trainer.unknown': '${nothing}',
    'trainer.last': -0.5,
  })
})
