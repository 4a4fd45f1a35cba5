/** @type {import("jest").Config} */
module.exports = {
  testEnvironment: "node",
  // Pulumi keeps its state in globals, which Jest would warn of.
  testEnvironmentOptions: { globalsCleanup: "off" },
  roots: ["<rootDir>/test", "<rootDir>/examples"],
  testMatch: ["**/*.test.ts"],
  transform: {
    // Types are checked once for the whole tree by `npm run check`; here the tests only need to run.
    "^.+\\.ts$": ["ts-jest", { diagnostics: false }],
  },
  coverageProvider: "v8",
  collectCoverageFrom: ["provider/**/*.ts", "emulator/**/*.ts"],
};
