// @ts-check
import js from "@eslint/js";
import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

const COMPILED = ["provider/**/*.ts", "emulator/**/*.ts", "cli/**/*.ts"];
const TESTS = ["test/**/*.ts"];

export default defineConfig(
  { ignores: ["dist/", "build/", "coverage/", ".scratch/", "**/node_modules/"] },
  { linterOptions: { reportUnusedDisableDirectives: "error" } },
  js.configs.recommended,
  {
    files: [...COMPILED, ...TESTS, "examples/**/*.ts"],
    extends: [tseslint.configs.recommendedTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { project: "./tsconfig.json", tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
      "@typescript-eslint/consistent-type-exports": "error",
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true },
      ],
      "@typescript-eslint/only-throw-error": "error",
      "@typescript-eslint/return-await": ["error", "error-handling-correctness-only"],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      // The compiler reports these (noUnusedLocals, noUnusedParameters), and knows more.
      "@typescript-eslint/no-unused-vars": "off",
      // noPropertyAccessFromIndexSignature is a question of taste; `bag["key"]` tells the reader that nobody declared it.
      "@typescript-eslint/dot-notation": "off",
      // A method that throws belongs into its promise, also when it awaits nothing.
      "@typescript-eslint/require-await": "off",
      // Loading late is how the program side stays free of what only the provider process needs.
      "@typescript-eslint/no-require-imports": "off",
      "@typescript-eslint/non-nullable-type-assertion-style": "off",
      "@typescript-eslint/no-empty-object-type": ["error", { allowInterfaces: "with-single-extends" }],
      "no-empty": ["error", { allowEmptyCatch: false }],
      eqeqeq: ["error", "always", { null: "ignore" }],
      // One dialect: braces around every branch, TypeScript's own `private`. Where a value must not be printed either, `#` says so.
      curly: "error",
      "no-restricted-syntax": [
        "error",
        {
          selector: "PropertyDefinition > PrivateIdentifier, MethodDefinition > PrivateIdentifier",
          message: "Write private. Only what must not be printed is a # field, with a comment that says so.",
        },
      ],
    },
  },
  {
    // A console line of a provider process is shown at the stack, without severity and unmasked.
    files: ["provider/**/*.ts", "emulator/**/*.ts"],
    rules: {
      "no-console": "error",
      "no-restricted-properties": [
        "error",
        {
          object: "URL",
          property: "canParse",
          message: "Node 20 refuses valid URLs with it; see docs/findings.md.",
        },
      ],
    },
  },
  {
    // What SECURITY.md promises: no process is started, no text is run as code, no file is written.
    files: ["provider/**/*.ts"],
    rules: {
      "no-eval": "error",
      "@typescript-eslint/no-implied-eval": "error",
      "no-new-func": "error",
      "no-restricted-imports": [
        "error",
        {
          paths: [
            ...["child_process", "cluster", "worker_threads", "vm", "fs/promises"].flatMap((name) => [
              name,
              `node:${name}`,
            ]),
            "fs",
            { name: "node:fs", allowImportNames: ["readFileSync"] },
          ],
        },
      ],
    },
  },
  {
    // Its stores are objects of closures, without `this`.
    files: ["emulator/**/*.ts"],
    rules: { "@typescript-eslint/unbound-method": "off" },
  },
  {
    files: TESTS,
    rules: {
      "no-restricted-globals": ["error", { name: "it", message: "One word for a test: test." }],
      // expect(object.method) is how jest looks at mocks.
      "@typescript-eslint/unbound-method": "off",
      // Parsed JSON in assertions.
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-unsafe-argument": "off",
      "@typescript-eslint/no-unsafe-call": "off",
      "@typescript-eslint/no-unsafe-member-access": "off",
    },
  },
  {
    files: ["**/*.mjs", "**/*.cjs", "**/*.js"],
    languageOptions: {
      globals: Object.fromEntries(
        [
          "process",
          "console",
          "fetch",
          "AbortSignal",
          "setTimeout",
          "clearTimeout",
          "setInterval",
          "clearInterval",
          "performance",
        ]
          .concat(["Buffer", "URL", "setImmediate", "__dirname", "__filename", "module", "require"])
          .map((name) => [name, "readonly"]),
      ),
    },
    rules: { "no-empty": ["error", { allowEmptyCatch: false }], "no-unused-vars": "off", curly: "error" },
  },
);
