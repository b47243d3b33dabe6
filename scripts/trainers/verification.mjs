import { fileURLToPath } from 'node:url'
import { execa } from 'execa'

const program = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))

/** Checks of a proof, a line each as it is made. `end` says how many passed of how many, by the exit code of the process too: none is no proof. After SIGINT or SIGTERM programs are ended, and the next check throws, so that what the caller has opened is closed; a second one ends the process. */
export function openVerification() {
  const counted = { checks: 0, passed: 0 }
  const interrupt = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'])
    process.once(signal, () => interrupt.abort(new Error(`expected to go on to the end, got ${signal}`)))
  const check = (what, isRight, got = '') => {
    interrupt.signal.throwIfAborted()
    console.log(`${isRight ? 'ok  ' : 'FAIL'} ${what}`)
    counted.checks += 1
    if (isRight) counted.passed += 1
    else console.error(got)
  }
  return {
    check,
    /** The rules of a trainer, over a service of their own. */
    conformance({ trainer, python }) {
      const args = [program, 'conformance', trainer, '--python', python]
      return this.program({ file: process.execPath, args, what: `the rules of ${trainer} hold` })
    },
    /** A program that prints lines of its own checks, `ok` or `FAIL`. */
    async program({ file, args, env, what }) {
      interrupt.signal.throwIfAborted()
      const done = execa(file, args, { reject: false, all: true, env, cancelSignal: interrupt.signal })
      done.all.pipe(process.stdout, { end: false })
      const { exitCode, all } = await done
      const lines = [...all.matchAll(/^(ok {2}|FAIL) /gm)]
      counted.checks += lines.length
      counted.passed += lines.filter(([, verdict]) => verdict === 'ok  ').length
      check(what, exitCode === 0 && lines.length > 0, `exit code ${exitCode}`)
    },
    end() {
      const { checks, passed } = counted
      const isRight = checks > 0 && passed === checks
      console.log(`${isRight ? 'ok  ' : 'FAIL'} ${passed} of ${checks} checks passed`)
      process.exitCode = isRight ? 0 : 1
    },
  }
}
