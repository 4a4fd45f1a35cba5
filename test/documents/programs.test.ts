/** The programs that the documents print: each must compile and run as it stands there. */
import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import * as ts from "typescript";
import * as emulator from "../../emulator";
import * as dingtalk from "../../provider";
import { ROOT } from "../engine/layout";
import { excuseOf, PAGES, type Block } from "./pages";
import { ALARM_UUID, configKeys } from "./values";

const BLOCKS = PAGES.flatMap(({ blocks }) => blocks).filter((block) => excuseOf(block) === undefined);
const EXAMPLES = BLOCKS.filter(({ language }) => language === "ts");
/** Programs of Pulumi; the others are tests, which commands.test.ts lets Jest run. */
const PROGRAMS = EXAMPLES.filter(({ text }) => !/^test\(/m.test(text));

test("each example compiles on its own, against the types of the built package", () => {
  // Beside the tests, so that the packages are found; none of these files exists. Those of one page lie in one folder.
  const folderOf = ({ where }: Block): string =>
    path.join(__dirname, where.replace(/,.*/, "").replaceAll("/", "-"));
  const files = new Map(
    EXAMPLES.map((block, index) => [
      path.join(folderOf(block), block.file ?? `block-${index}.ts`),
      block.text,
    ]),
  );
  const folders = new Set(EXAMPLES.map(folderOf));
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
  const { readFile, fileExists, getSourceFile, directoryExists } = host;
  host.readFile = (file) => files.get(file) ?? readFile(file);
  host.fileExists = (file) => files.has(file) || fileExists(file);
  host.directoryExists = (folder) => folders.has(folder) || (directoryExists?.(folder) ?? true);
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

test.each(PROGRAMS.map(({ where, text }) => [where, text]))(
  "the program at %s declares what it says, under mocks",
  async (_where, text) => {
    const made: string[] = [];
    await pulumi.runtime.setMocks({
      call: () => ({}),
      newResource: ({ name, type, inputs }) => {
        made.push(`${type} ${name}`);
        return { id: ALARM_UUID, state: inputs as object };
      },
    });
    const values = configKeys(text).map(({ key, value }) => [`project:${key}`, value]);
    pulumi.runtime.setAllConfig(Object.fromEntries(values) as Record<string, string>);
    const { outputText } = ts.transpileModule(text, { compilerOptions: { module: ts.ModuleKind.CommonJS } });
    const modules: Record<string, unknown> = { "@pulumi/pulumi": pulumi, "pulumi-dingtalk": dingtalk };
    // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the text is that of the document
    const run = new Function("require", "exports", outputText) as (...args: unknown[]) => void;
    run((name: string) => modules[name], {});
    await pulumi.runtime.disconnect();
    expect(made).not.toEqual([]);
  },
);

/** The `js` blocks of a page are one program, in the order in which they stand there. */
const SCRIPTS = PAGES.flatMap(({ file, blocks }) => {
  const texts = blocks
    .filter((block) => block.language === "js" && block.file === undefined && excuseOf(block) === undefined)
    .map(({ text }) => text);
  return texts.length === 0 ? [] : [[file, texts.join("\n")] as const];
});

test.each(SCRIPTS)("the script of %s runs from its first block to its last", async (_file, text) => {
  const modules: Record<string, unknown> = { "pulumi-dingtalk/emulator": emulator };
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the text is that of the document
  const run = new Function("require", `return (async () => {\n${text}\n})();`) as (
    require: (name: string) => unknown,
  ) => Promise<void>;
  await expect(run((name) => modules[name])).resolves.toBeUndefined();
});

test("the documents print programs, tests of them, and scripts", () => {
  expect(PROGRAMS.length).toBeGreaterThan(20);
  expect(EXAMPLES.length - PROGRAMS.length).toBeGreaterThan(1);
  expect(SCRIPTS.length).toBeGreaterThan(1);
});
