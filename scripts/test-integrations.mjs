// Runs the tests of integrations/codevision_env against the service itself: npm run test:integrations [-- PYTEST ARGUMENTS]
// What needs verl or TRL is tried by `npm run verify:full verl trl`.
import { runPytest } from './run-pytest.mjs'

await runPytest({ packageFolder: 'integrations/codevision_env' })
