import { expect, test } from '@jest/globals'
import { checkTimeLimit } from './time-limit.js'

test.each(['0', '0:00', '7', '6:01', '0:06:01', '90', '8:00:00', '1-0', '1-12:30', '0-0:06:01'])(
  'the limit %s is taken',
  (time) => {
    expect(() => checkTimeLimit(time)).not.toThrow()
  },
)

test.each([
  ['3', 180],
  ['6', 360],
  ['5:30', 330],
  ['0:06:00', 360],
  ['0-0:05', 300],
])('%s leaves no time before the warning: refused', (time, seconds) => {
  expect(() => checkTimeLimit(time)).toThrow(
    `--time: expected more than 6 minutes, since samples are told to end 180 s before the limit, got "${time}", which is ${seconds} s`,
  )
})

test.each(['two hours', '8:0', '', '-1', '1-', '1:00:00:00'])('%j is no time of Slurm', (time) => {
  expect(() => checkTimeLimit(time)).toThrow('--time: expected a time as Slurm writes it')
})
