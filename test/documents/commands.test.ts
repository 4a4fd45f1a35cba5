/**
 * The commands that the documents print, page by page, as a reader types them: in a shell, on the real engine, against an emulator.
 * Only the registry is stood in for (`npm install` links what is here), and the port 8080, which somebody may use. Chinese pages print
 * the same commands, as pages.test.ts makes sure.
 */
import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as net from "node:net";
import * as path from "node:path";
import { promisify } from "node:util";
import { start, type Emulator } from "../../emulator";
import { makeScratch } from "../../scripts/scratch.cjs";
import { cliRoot, ENGINE_TEST_TIMEOUT_MS } from "../engine/harness";
import { installPackage, ROOT } from "../engine/layout";
import { excuseOf, inChinese, PAGES, type Block, type Page } from "./pages";
import { ALARM_UUID, configKeys, ROBOT_TOKEN } from "./values";

jest.setTimeout(2 * ENGINE_TEST_TIMEOUT_MS);

/** What must be among the output of a page, besides that every command succeeds. */
const SAID: Readonly<Record<string, readonly string[]>> = {
  "README.md": ['"outcome": "delivered"', "CPU is busy", '"+86-13800000000"'],
  "docs/en/tutorial/first-alarm.md": ['"outcome": "delivered"', '"+86-13800000000"', "~ enabled: "],
  "docs/en/how-to/adopt-what-exists.md": ['name: "Duty" on the server, "Duty officers" declared'],
  "docs/en/how-to/detect-drift-in-ci.md": ["No drift.", "Drift: see the properties above."],
  "docs/en/how-to/test-your-program.md": ["2 passed, 2 total"],
};
/** What npm installs for the documents besides this package. */
const TOOLS = ["jest", "ts-jest", "typescript", "@types/jest", "@types/node"];

const pagesWithCommands = PAGES.filter(
  ({ file, blocks }) => inChinese(file) !== undefined && blocks.some(isRunCommand),
);

test.each(pagesWithCommands.map((page) => [page.file, page]))(
  "the commands of %s do what they should",
  async (file, page) => {
    const scratch = makeScratch("pulumi-dingtalk-page");
    const emulator = page.blocks.some(({ note }) => note === "background") ? undefined : await prepared();
    try {
      const port = emulator === undefined ? await freePort() : Number(new URL(emulator.url).port);
      const script = shellScript(page, { folder: scratch.folder, port, isEmpty: startsEmpty(page) });
      layOut(scratch.folder, page);
      const { output, exitCode } = await bash(script, {
        ...environment(scratch.folder, emulator),
        ...scratch.marker,
      });
      if (exitCode !== 0) {
        throw new Error(`A command failed, the last one of these (exit code ${exitCode}):\n${output}`);
      }
      // A reader must not be warned of what a page told them to do, except where it says so.
      expect(output).not.toMatch(/^\s*warning: (?!Takes over)/im);
      for (const words of SAID[file] ?? []) {
        expect(output).toContain(words);
      }
      for (const line of shownOutput(page)) {
        expect(flat(output)).toContain(line);
      }
    } finally {
      await emulator?.close();
      await scratch.dispose();
    }
  },
);

function isRunCommand(block: Block): boolean {
  return block.language === "sh" && excuseOf(block) === undefined;
}

/** The lines that a page shows as the output of its commands: what comes after the first of them, without the drawing of the tree. */
function shownOutput({ blocks }: Page): string[] {
  const first = blocks.findIndex(isRunCommand);
  return blocks
    .slice(first)
    .filter(({ language }) => language === "text")
    .flatMap(({ text }) => text.split("\n"))
    .map((line) => flat(line.replace(/^[ +├└│─]+/, "")));
}

function flat(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

/** Pages that make a project of their own begin in an empty folder; the others take one for granted. */
function startsEmpty({ blocks }: Page): boolean {
  return blocks.some(({ file }) => file === "Pulumi.yaml");
}

async function prepared(): Promise<Emulator> {
  const emulator = await start();
  emulator.zstack.alarms.add({ uuid: ALARM_UUID, name: "CPU is busy" });
  emulator.dingtalk.addGroup({ token: ROBOT_TOKEN });
  return emulator;
}

/** The project that a page takes for granted: its first program, with the settings that this asks for. */
function layOut(folder: string, page: Page): void {
  for (const name of ["home", "work", "bin", "installed"]) {
    fs.mkdirSync(path.join(folder, name));
  }
  const installed = path.join(folder, "installed");
  installPackage(installed, {});
  for (const tool of TOOLS) {
    const target = path.join(installed, "node_modules", tool);
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.symlinkSync(path.join(ROOT, "node_modules", tool), target, "dir");
  }
  const modules = path.join(installed, "node_modules");
  executable(
    path.join(folder, "bin", "npm"),
    `case "$1" in
  init) echo '{ "name": "page", "private": true }' > package.json ;;
  install) test -e node_modules || ln -s '${modules}' node_modules ;;
  config | ci) ;;
  *) echo "npm $1 is not stood in for" >&2; exit 1 ;;
esac`,
  );
  executable(
    path.join(folder, "bin", "npx"),
    `case "$1" in
  pulumi-dingtalk) shift; exec '${process.execPath}' '${path.join(ROOT, "dist", "cli", "index.js")}' "$@" ;;
  jest) shift; exec '${process.execPath}' '${path.join(ROOT, "node_modules", "jest", "bin", "jest.js")}' "$@" ;;
  *) echo "npx $1 is not stood in for" >&2; exit 1 ;;
esac`,
  );
  // A reader answers "yes".
  executable(
    path.join(folder, "bin", "pulumi"),
    `case "$1 $*" in
  *--preview-only*) ;;
  up* | refresh* | destroy*) set -- "$@" --yes ;;
esac
exec '${path.join(cliRoot(), "bin", "pulumi")}' "$@"`,
  );
  if (startsEmpty(page)) {
    return;
  }
  const work = path.join(folder, "work");
  const program = page.blocks.find(({ language }) => language === "ts")?.text ?? "export {};";
  fs.writeFileSync(path.join(work, "Pulumi.yaml"), "name: page\nruntime: nodejs\nmain: index.ts\n");
  fs.writeFileSync(path.join(work, "package.json"), '{ "name": "page", "private": true }');
  fs.writeFileSync(path.join(work, "index.ts"), program);
  fs.symlinkSync(modules, path.join(work, "node_modules"), "dir");
}

function executable(file: string, body: string): void {
  fs.writeFileSync(file, `#!/bin/sh\n${body}\n`, { mode: 0o755 });
}

interface Session {
  readonly folder: string;
  readonly port: number;
  readonly isEmpty: boolean;
}

/** All of a page as one script for bash: its blocks are read one after the other by the same shell. */
function shellScript(page: Page, { folder, port, isEmpty }: Session): string {
  const lines = ["set -eo pipefail", `cd '${path.join(folder, "work")}'`];
  if (!isEmpty && !page.blocks.some(({ text }) => text.includes("pulumi stack init"))) {
    const program = page.blocks.find(({ language }) => language === "ts")?.text ?? "";
    lines.push("pulumi login file://.", "pulumi stack init dev");
    for (const { key, value, isSecret } of configKeys(program)) {
      lines.push(`pulumi config set ${isSecret ? "--secret" : "--plaintext"} ${key} '${value}'`);
    }
  }
  page.blocks.forEach((block, index) => {
    const text = block.text
      .replaceAll("127.0.0.1:8080", `127.0.0.1:${port}`)
      .replaceAll("--port 8080", `--port ${port}`);
    const kept = path.join(folder, `block-${index}`);
    if (block.file !== undefined) {
      fs.writeFileSync(kept, text);
      lines.push(`cp '${kept}' '${block.file}'`);
    } else if (isRunCommand(block)) {
      fs.writeFileSync(kept, text);
      lines.push(`echo '--- ${block.where}'`, ...command(block, kept, port));
    }
  });
  return lines.join("\n");
}

function command({ note }: Block, file: string, port: number): string[] {
  if (note === "background") {
    const answers = `curl --silent --output /dev/null --retry 60 --retry-connrefused --retry-delay 1 http://127.0.0.1:${port}/_emulator/`;
    return [`(. '${file}') > '${file}.log' 2>&1 &`, answers];
  }
  const [, expected] = /^exits (\d+)$/.exec(note) ?? [];
  return expected === undefined
    ? [`. '${file}'`]
    : ["code=0", `(. '${file}') || code=$?`, `echo "exit code $code"; test $code -eq ${expected}`];
}

function environment(folder: string, emulator: Emulator | undefined): Record<string, string> {
  const home = path.join(folder, "home");
  return {
    PATH: [
      path.join(folder, "bin"),
      path.join(cliRoot(), "bin"),
      path.dirname(process.execPath),
      String(process.env["PATH"]),
    ].join(path.delimiter),
    HOME: home,
    LANG: "C.UTF-8",
    PULUMI_HOME: path.join(home, ".pulumi"),
    PULUMI_CONFIG_PASSPHRASE: "of the page",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_DISABLE_REGISTRY_RESOLVE: "true",
    ALIBABA_CLOUD_ECS_METADATA_DISABLED: "true",
    ...(emulator && {
      ZSTACK_ENDPOINT: emulator.zstack.url,
      ZSTACK_ACCOUNT_NAME: emulator.zstack.accountName,
      ZSTACK_ACCOUNT_PASSWORD: emulator.zstack.accountPassword,
    }),
  };
}

async function bash(
  script: string,
  env: Record<string, string>,
): Promise<{ output: string; exitCode: number | undefined }> {
  const run = promisify(execFile)("bash", ["-c", `exec 2>&1\n${script}\nkill $(jobs -p) || true`], {
    env,
    maxBuffer: 16 * 1024 * 1024,
    timeout: ENGINE_TEST_TIMEOUT_MS,
  });
  try {
    return { output: (await run).stdout, exitCode: 0 };
  } catch (error) {
    const { stdout = "", code } = error as { stdout?: string; code?: number };
    return { output: stdout, exitCode: code };
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as net.AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
