import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript'
import importX from 'eslint-plugin-import-x'
import tseslint from 'typescript-eslint'

/** The layers of src/, lowest first; rooms of one layer do not know each other. */
const LAYERS = [
  ['core'],
  ['config', 'bridge'],
  ['store', 'llm', 'sandbox', 'data', 'models'],
  ['policies', 'agent', 'reward'],
  ['evaluation', 'tools'],
  ['curation'],
  ['training', 'report', 'setup', 'recipe'],
  ['services', 'cluster', 'experiments'],
  ['wiring.ts', 'open-tasks.ts', 'open-sft.ts', 'open-grpo.ts', 'opened-training.ts', 'index.ts'],
  ['chaos'],
  ['attacks'],
  ['cli', 'parity', 'benchmark'],
]
/** The files of src/ itself share a layer but are one wing. */
const WINGS = [LAYERS.find((layer) => layer.includes('index.ts'))]
const rooms = LAYERS.flat()
const layerOf = (room) => LAYERS.findIndex((layer) => layer.includes(room))
const sameWing = (a, b) => a === b || WINGS.some((wing) => wing.includes(a) && wing.includes(b))
const zones = rooms.map((room) => ({
  target: `./src/${room}`,
  from: rooms
    .filter((other) => !sameWing(room, other) && layerOf(other) >= layerOf(room))
    .map((other) => `./src/${other}`),
  message: `src/${room} may import only from lower layers (docs/architecture.md).`,
}))

const PROCESS_STARTERS = ['bridge', 'sandbox', 'setup', 'services', 'cluster', 'chaos', 'attacks', 'benchmark']
const only = (allowed) => rooms.filter((room) => !allowed.includes(room)).map((room) => `src/${room}${room.endsWith('.ts') ? '' : '/**'}`)

const environment = {
  selector: "MemberExpression[object.name='process'][property.name='env']",
  message: 'Only src/config reads the environment.',
}
const cliOnly = {
  selector: "MemberExpression[object.name='process'][property.name=/^(argv|exit|exitCode)$/]",
  message: 'Only src/cli reads argv or exits.',
}
const heavy = ['@tensorflow/tfjs-core', '@tensorflow/tfjs-node', '@tensorflow/tfjs-node-gpu', 'tesseract.js', '@huggingface/tokenizers']

// Tests, and what those of the commands share, start the built program.
const TESTS = ['**/*.test.ts', 'src/cli/testing/**']

export default tseslint.config(
  { ignores: ['dist', 'node_modules', 'runs', 'coverage', 'jest.config.js', 'src/models/decode/assembly'] },
  {
    files: ['src/**/*.ts', 'src/**/*.tsx'],
    extends: [...tseslint.configs.strict],
    plugins: { 'import-x': importX },
    settings: { 'import-x/resolver-next': [createTypeScriptImportResolver()] },
    rules: {
      'import-x/no-cycle': 'error',
      'import-x/no-restricted-paths': ['error', { zones }],
      'import-x/no-default-export': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      'no-console': 'error',
      'no-restricted-imports': [
        'error',
        { paths: heavy.map((name) => ({ name, allowTypeImports: true, message: 'Heavy: load it by dynamic import.' })) },
      ],
    },
  },
  {
    files: only(['config', 'cli', 'parity', 'chaos', 'attacks', 'benchmark']),
    ignores: TESTS,
    rules: { 'no-restricted-syntax': ['error', environment, cliOnly] },
  },
  // A declaration of somebody else's module has the exports that module has.
  { files: ['src/**/*.d.ts'], rules: { 'import-x/no-default-export': 'off' } },
  { files: ['src/config/**'], rules: { 'no-restricted-syntax': ['error', cliOnly] } },
  { files: ['src/cli/**', 'src/parity/**', 'src/chaos/**', 'src/attacks/**', 'src/benchmark/**'], ignores: TESTS, rules: { 'no-restricted-syntax': ['error', environment], 'no-console': 'off' } },
  {
    files: only(PROCESS_STARTERS),
    ignores: TESTS,
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: [
            ...['execa', 'node:child_process'].map((name) => ({ name, message: 'Only bridge, sandbox, setup, services and cluster start processes.' })),
            ...heavy.map((name) => ({ name, allowTypeImports: true, message: 'Heavy: load it by dynamic import.' })),
          ],
        },
      ],
    },
  },
  // The engine is tensors throughout; whoever uses it loads it by dynamic import.
  { files: ['src/models/**', 'src/parity/model/**'], rules: { 'no-restricted-imports': ['error', { paths: ['execa', 'node:child_process'] }] } },
)
