// Adds up what the steps of a CI run wrote into a folder, and prints `N passed, N failed` as the last line.
// node scripts/count-results.mjs FOLDER     (.ci/run writes the folder)
//   steps.tsv    name, exit code, result file or -: a step without a file counts as one test
//   *.json       jest's --json, {passed, failed}, or what npm run attacks writes     *.xml  pytest's --junitxml     *.log  lines `NAME passed/total` of npm run parity
import { existsSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'

const folder = process.argv[2]
if (folder === undefined) throw new Error('Name the folder of results: node scripts/count-results.mjs FOLDER')

const rows = readFileSync(join(folder, 'steps.tsv'), 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => {
    const [name, code, file] = line.split('\t')
    return { name, ...count(file, code === '0') }
  })

console.log()
for (const { name, passed, failed } of rows)
  console.log(`${failed === 0 ? 'ok    ' : 'FAILED'}  ${name.padEnd(32)}${passed} passed, ${failed} failed`)
const total = (key) => rows.reduce((sum, row) => sum + row[key], 0)
console.log(`${total('passed')} passed, ${total('failed')} failed`)
if (total('failed') > 0) process.exitCode = 1

function count(file, isOk) {
  if (file === '-') return isOk ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }
  const path = join(folder, file)
  const found = existsSync(path) ? read(path) : { passed: 0, failed: 0 }
  // A step that failed has a failure to show also where it died before it wrote its results; and one that ran nothing has not passed.
  return (!isOk || found.passed === 0) && found.failed === 0 ? { ...found, failed: 1 } : found
}

function read(path) {
  const text = readFileSync(path, 'utf8')
  switch (extname(path)) {
    case '.json': {
      const report = JSON.parse(text)
      if ('passed' in report) return report
      if ('rows' in report) {
        const failed = report.rows.filter(({ wrong }) => wrong.length > 0).length
        return { passed: report.rows.length - failed, failed: failed + report.wrong.length }
      }
      return {
        passed: report.numPassedTests,
        failed: report.numFailedTests + report.numRuntimeErrorTestSuites,
      }
    }
    case '.xml': {
      const suite = /<testsuite [^>]*>/.exec(text)?.[0] ?? ''
      const number = (name) => Number(new RegExp(` ${name}="(\\d+)"`).exec(suite)?.[1] ?? 0)
      const failed = number('errors') + number('failures')
      return { passed: number('tests') - failed - number('skipped'), failed }
    }
    case '.log': {
      const sets = [...text.matchAll(/^\S+ (\d+)\/(\d+)$/gm)].map(([, passed, all]) => [
        Number(passed),
        Number(all),
      ])
      return {
        passed: sets.reduce((sum, [passed]) => sum + passed, 0),
        failed: sets.reduce((sum, [passed, all]) => sum + all - passed, 0),
      }
    }
    default:
      throw new Error(`${path}: expected .json, .xml or .log`)
  }
}
