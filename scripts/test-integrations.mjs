// Runs the tests of integrations/codevision_env against the service itself, and those of integrations/nemo_gym: npm run test:integrations [-- PYTEST ARGUMENTS]
// What needs verl, TRL or NeMo-Gym is tried by `npm run verify:full verl trl nemo-gym`.
import { runPytest } from './run-pytest.mjs'

await runPytest({ packageFolder: 'integrations/codevision_env' })
