/** The programs that the READMEs print: each must compile and run as it stands there. */
import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { promisify } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import * as ts from "typescript";
import * as dingtalk from "../../provider";
import { makeScratch } from "../../scripts/scratch.cjs";
import { ENGINE_TEST_TIMEOUT_MS } from "./harness";
import { installPackage, ROOT } from "./layout";
import { Lab } from "./support/lab";

jest.setTimeout(2 * ENGINE_TEST_TIMEOUT_MS);

interface Example {
  readonly name: string;
  readonly text: string;
  /** What is run by Jest and not by Pulumi. */
  readonly isTest: boolean;
}

const EXAMPLES: readonly Example[] = ["README.md", "README.zh-CN.md"].flatMap((file) => {
  const lines = fs.readFileSync(path.join(ROOT, file), "utf8").split("\n");
  return lines.flatMap((line, index) => {
    if (line !== "```ts") {
      return [];
    }
    const text = lines.slice(index + 1, lines.indexOf("```", index)).join("\n");
    return [{ name: `${file}, line ${index + 2}`, text, isTest: /^test\(/m.test(text) }];
  });
});
const PROGRAMS = EXAMPLES.filter(({ isTest }) => !isTest);
const [QUICKSTART, CHANNEL] = PROGRAMS;
const TEST = EXAMPLES.find(({ isTest }) => isTest);
const WEBHOOK = `https://oapi.dingtalk.com/robot/send?access_token=${"ab".repeat(32)}`;

test("the READMEs print programs, and a test of one", () => {
  expect(PROGRAMS.length).toBeGreaterThan(5);
  expect(TEST).toBeDefined();
});

test("each example compiles on its own, against the types of the built package", () => {
  // Beside the tests, so that the packages are found; none of these files exists.
  const files = new Map(
    EXAMPLES.map(({ text }, index) => [path.join(__dirname, `readme-${index}.ts`), text]),
  );
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.Node16,
    moduleResolution: ts.ModuleResolutionKind.Node16,
    moduleDetection: ts.ModuleDetectionKind.Legacy,
    types: ["node", "jest"],
    typeRoots: [path.join(ROOT, "node_modules", "@types")],
    strict: true,
    skipLibCheck: true,
    noEmit: true,
  };
  const host = ts.createCompilerHost(options);
  const { readFile, fileExists, getSourceFile } = host;
  host.readFile = (file) => files.get(file) ?? readFile(file);
  host.fileExists = (file) => files.has(file) || fileExists(file);
  host.getSourceFile = (file, languageVersion, ...rest) => {
    const text = files.get(file);
    return text === undefined
      ? getSourceFile(file, languageVersion, ...rest)
      : ts.createSourceFile(file, text, languageVersion);
  };
  const program = ts.createProgram([...files.keys()], options, host);
  const said = ts
    .getPreEmitDiagnostics(program)
    .map(
      ({ file, messageText }) =>
        `${file?.fileName ?? ""}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`,
    );
  expect(said).toEqual([]);
  // A file that imports nothing would share its names with the others.
  const isModule = (file: string): boolean =>
    ts.isExternalModule(program.getSourceFile(file) as ts.SourceFile);
  expect([...files.keys()].filter((file) => !isModule(file))).toEqual([]);
});

test.each(PROGRAMS.map(({ name, text }) => [name, text]))(
  "%s declares what it says, under mocks",
  async (_name, text) => {
    const made: string[] = [];
    await pulumi.runtime.setMocks({
      call: () => ({}),
      newResource: ({ name, type, inputs }) => {
        made.push(`${type} ${name}`);
        return { id: "917f2b0c4d8e4f6a8b1c2d3e4f5a6b7c", state: inputs as object };
      },
    });
    const keys = [...text.matchAll(/config\.\w+\("(\w+)"\)/g)].map(([, key]) => [`project:${key}`, WEBHOOK]);
    pulumi.runtime.setAllConfig(Object.fromEntries(keys) as Record<string, string>);
    const { outputText } = ts.transpileModule(text, { compilerOptions: { module: ts.ModuleKind.CommonJS } });
    const modules: Record<string, unknown> = { "@pulumi/pulumi": pulumi, "pulumi-dingtalk": dingtalk };
    // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the text is that of the README
    const run = new Function("require", "exports", outputText) as (...args: unknown[]) => void;
    run((name: string) => modules[name], {});
    await pulumi.runtime.disconnect();
    expect(made).not.toEqual([]);
  },
);

test("the quickstart runs on the real engine", async () => {
  const lab = await Lab.create({
    program: { "index.ts": QUICKSTART?.text ?? "" },
    config: { "scratch:dutyWebhook": { secret: WEBHOOK } },
    project: "scratch",
    projectFile: "main: index.ts",
  });
  try {
    const up = await lab.project.up();
    expect(up.text).not.toContain("warning");
    expect(await lab.project.outputs()).toEqual({ dutyUuid: lab.theOnly().uuid });
    await lab.project.destroy();
  } finally {
    await lab.dispose();
  }
});

test("the test of the channel runs beside it, with Jest", async () => {
  const { folder, marker, dispose } = makeScratch("pulumi-dingtalk-readme");
  try {
    fs.writeFileSync(path.join(folder, "Pulumi.yaml"), "name: ops\nruntime: nodejs\nmain: index.ts\n");
    fs.writeFileSync(path.join(folder, "index.ts"), CHANNEL?.text ?? "");
    fs.writeFileSync(path.join(folder, "ops.test.ts"), TEST?.text ?? "");
    installPackage(folder, {});
    const transform = { "^.+\\.ts$": [require.resolve("ts-jest"), { diagnostics: false }] };
    const config = { rootDir: folder, testEnvironmentOptions: { globalsCleanup: "off" }, transform };
    const jestCommand = path.join(ROOT, "node_modules", "jest", "bin", "jest.js");
    const { stderr } = await promisify(execFile)(
      process.execPath,
      [jestCommand, "--config", JSON.stringify(config)],
      { cwd: folder, env: { ...process.env, ...marker } },
    );
    expect(stderr).toContain("1 passed");
  } finally {
    await dispose();
  }
});
