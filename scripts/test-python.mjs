// Runs py_sandbox's own tests in the Python environment of the sandbox: npm run test:python [-- PYTEST ARGUMENTS]
import { pythoniaPackage } from '../dist/setup/package-paths.js'
import { runPytest } from './run-pytest.mjs'

await runPytest({
  packageFolder: 'py_sandbox',
  // What tests need that start the host as the container does.
  env: ({ site }) => ({ CODEVISION_SITE: site, CODEVISION_PYTHONIA: pythoniaPackage().python }),
})
