/** Tests run as ES modules; `npm test` passes --experimental-vm-modules. */
export default {
  testEnvironment: 'node',
  // The cleanup of globals between files breaks what hooks into process.exit, such as execa.
  testEnvironmentOptions: { globalsCleanup: 'off' },
  roots: ['<rootDir>/src'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': '@swc/jest' },
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  testTimeout: 180_000,
  maxWorkers: 2,
}
