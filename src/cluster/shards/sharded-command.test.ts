import { expect, test } from '@jest/globals'
import { shardedCommand, type ShardedCommand } from './sharded-command.js'

function plan(line: string, shards = 2): ShardedCommand {
  return shardedCommand({ words: line.split(' '), shards })
}

test('a command line is read with its name and its folder taken out', () => {
  const {
    program,
    arguments: args,
    name,
    output,
  } = plan('node /opt/cv/dist/cli/main.js eval rows.parquet --name mine --judge none --output=/shared/runs')
  expect(program).toEqual(['node', '/opt/cv/dist/cli/main.js'])
  expect(args).toEqual(['rows.parquet', '--judge', 'none'])
  expect([name, output]).toEqual(['mine', '/shared/runs'])
})

test.each([
  ['codevision train sft x.yaml --name a --output /b', 'codevision eval'],
  ['eval x --name a --output /b', 'codevision eval'],
  ['npx codevision eval x --name a --output /b', 'outlive'],
  ['codevision eval x --output /b', 'missing'],
  ['codevision eval x --name a', 'missing'],
  ['codevision eval x --name a --output', 'missing'],
  ['codevision eval x --name a --output runs', 'absolute'],
  ['codevision eval x --name ../a --output /b', '--name: expected'],
  ['codevision eval x --name a --output /b -- --x', 'without another --'],
  ['codevision eval x --name a --output /b --shard 1/2', 'without --shard'],
  ['codevision eval x --name a --output /b --resume', 'without --resume'],
  ['codevision eval x --name a --output /b --baseline=s.json', 'without --baseline'],
])('%s: refused, with what was expected', (line, reason) => {
  expect(() => plan(line)).toThrow(reason)
})

test('a number of shards that is none is refused', () => {
  for (const shards of [0, 1.5, -1, 5_001, 1e10])
    expect(() => plan('codevision eval x --name a --output /b', shards)).toThrow(
      `--shards: expected a whole number from 1 to 5000, got ${shards}`,
    )
})
