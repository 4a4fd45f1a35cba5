/**
 * Runs programs on the real Pulumi engine: a scratch project with the installed package, a local file backend, the plain CLI.
 *
 * ```ts
 * const project = await createEngineProject({ program: `new (require("pulumi-dingtalk").zstack.DingTalkEndpoint)("duty", …)` });
 * await project.up();                                          // throws, with all output, unless the CLI exits with 0
 * const drift = await project.refresh(["--preview-only", "--expect-no-changes"], { expectExit: 7 });
 * drift.step("duty")?.diffs;                                   // ["name"]
 * await project.dispose();
 * ```
 */
import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { makeScratch } from "../../scripts/scratch.cjs";
import { installPackage, type PackageLayout } from "./layout";

/** A fitting `jest.setTimeout` for a file of engine tests: one `up` takes 2 to 5 seconds on two cores. */
export const ENGINE_TEST_TIMEOUT_MS = 180_000;
const COMMAND_TIMEOUT_MS = 120_000;
const PASSPHRASE = "correct horse battery staple";

export interface EngineProjectOptions extends PackageLayout {
  /** Text of `index.js`, or the files of the program by relative path. */
  program: string | Record<string, string>;
  /** Name of the Pulumi project. */
  project?: string;
  /** Name of the stack. */
  stack?: string;
  /** Further lines of Pulumi.yaml, for example `main: infra` or `options: { refresh: always }`. */
  projectFile?: string;
  /** Environment of every command on top of the harness's own; `undefined` takes a variable away. Nothing of the developer's clouds or stacks is ever inherited. */
  env?: Record<string, string | undefined>;
  /** Stack configuration by full key, for example `"zstack:endpoint"`. */
  config?: StackConfig;
  /** Folder of another Node, put in front of PATH. */
  nodeFolder?: string;
}

export type StackConfig = Record<string, string | { secret: string }>;

export interface CommandOptions {
  /** The exit code that is right; anything else throws an `EngineError` with the whole output. Default 0. */
  expectExit?: number | "any";
  env?: Record<string, string | undefined>;
  stack?: string;
  timeoutMs?: number;
  /** Records every RPC of the engine (`result.grpc`). Such a record holds secrets in clear, by the engine's design. */
  grpc?: boolean;
  /** Text for the standard input, which is empty otherwise. */
  stdin?: string;
  /** Runs the command in a terminal, that of `script`: kill that, which the pid is then of, and the terminal is closed. Linux only. */
  terminal?: boolean;
}

/** What the engine did with one resource in one phase. */
export interface Step {
  /** `true` in the preview phase of an `up` or in a `preview`. */
  planned: boolean;
  /** `create`, `update`, `same`, `replace`, `delete`, `read`, `refresh`, `create-replacement`, `delete-replaced`, … */
  op: string;
  urn: string;
  type: string;
  name: string;
  /** Top-level names of the changed properties, as in `[diff: ~name,url]`. */
  diffs: string[];
  /** Exact paths and kinds (`add`, `update`, `delete`, `add-replace`, …). */
  detailedDiff: Record<string, { kind: string; inputDiff: boolean }>;
  failed: boolean;
  /** State before and after, as the engine shows it (secrets as `"[secret]"`). */
  old: ResourceView | undefined;
  new: ResourceView | undefined;
}

export interface ResourceView {
  id: string;
  inputs: Record<string, unknown>;
  outputs: Record<string, unknown>;
  [key: string]: unknown;
}

export interface Diagnostic {
  severity: string;
  urn: string | undefined;
  message: string;
  ephemeral: boolean;
}

/** A resource as the stack's state holds it. */
export interface StateResource {
  urn: string;
  type: string;
  custom: boolean;
  id?: string;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
  initErrors?: string[];
  additionalSecretOutputs?: string[];
  provider?: string;
  [key: string]: unknown;
}

export interface Deployment {
  version: number;
  deployment: { resources?: StateResource[]; pending_operations?: unknown[]; [key: string]: unknown };
}

/** One ended command. */
export class EngineResult {
  constructor(
    readonly args: readonly string[],
    readonly exitCode: number | undefined,
    readonly signal: string | undefined,
    readonly stdout: string,
    readonly stderr: string,
    readonly durationMs: number,
    private readonly events: readonly EngineEvent[],
    /** The RPC record, when asked for: `{ method, request, response }`. */
    readonly grpc: readonly GrpcRecord[],
  ) {}

  /** Everything that was printed. */
  get text(): string {
    return this.stdout + this.stderr;
  }

  /** Standard output as JSON, for commands with `--json`. */
  get json(): unknown {
    return JSON.parse(this.stdout) as unknown;
  }

  /** What happened to the resources of the program, in order; without the stack itself and without provider resources. */
  get steps(): Step[] {
    return this.allSteps.filter(
      (step) => step.type !== "pulumi:pulumi:Stack" && !step.type.startsWith("pulumi:providers:"),
    );
  }

  get allSteps(): Step[] {
    const steps: Step[] = [];
    for (const event of this.events) {
      const outcome = event.resOutputsEvent ?? event.resOpFailedEvent;
      if (!outcome) {
        continue;
      }
      const { metadata } = outcome;
      steps.push({
        planned: event.resOutputsEvent?.planning ?? false,
        op: metadata.op,
        urn: metadata.urn,
        type: metadata.type,
        name: metadata.urn.split("::").at(-1) ?? "",
        diffs: metadata.diffs ?? [],
        detailedDiff: Object.fromEntries(
          Object.entries(metadata.detailedDiff ?? {}).map(([key, diff]) => [
            key,
            { kind: diff.diffKind, inputDiff: diff.inputDiff },
          ]),
        ),
        failed: event.resOpFailedEvent !== undefined,
        old: metadata.old ?? undefined,
        new: metadata.new ?? undefined,
      });
    }
    return steps;
  }

  /** The last step of a resource, by its Pulumi name. */
  step(name: string): Step | undefined {
    return this.steps.findLast((step) => step.name === name);
  }

  /** The engine's own summary of the last phase, for example `{ create: 2 }` or `{ same: 3, update: 1 }`; the stack counts as a resource. */
  get changes(): Record<string, number> {
    return this.events.findLast((event) => event.summaryEvent)?.summaryEvent?.resourceChanges ?? {};
  }

  /** Messages of engine, program and provider; without the debug ones. */
  get diagnostics(): Diagnostic[] {
    const found: Diagnostic[] = [];
    for (const { diagnosticEvent } of this.events) {
      if (!diagnosticEvent || diagnosticEvent.severity === "debug") {
        continue;
      }
      found.push({
        severity: diagnosticEvent.severity,
        urn: diagnosticEvent.urn,
        message: diagnosticEvent.message,
        ephemeral: diagnosticEvent.ephemeral ?? false,
      });
    }
    return found;
  }
}

export interface GrpcRecord {
  method: string;
  request: unknown;
  response?: unknown;
  [key: string]: unknown;
}

interface EngineEvent {
  resOutputsEvent?: { metadata: StepMetadata; planning?: boolean };
  resOpFailedEvent?: { metadata: StepMetadata };
  summaryEvent?: { resourceChanges: Record<string, number> };
  diagnosticEvent?: { severity: string; urn?: string; message: string; ephemeral?: boolean };
}

interface StepMetadata {
  op: string;
  urn: string;
  type: string;
  diffs?: string[];
  detailedDiff?: Record<string, { diffKind: string; inputDiff: boolean }> | null;
  old?: ResourceView | null;
  new?: ResourceView | null;
}

/** A command ended otherwise than the test expected. */
export class EngineError extends Error {
  override name = "EngineError";
  constructor(
    readonly result: EngineResult,
    why: string,
  ) {
    super(`pulumi ${result.args.join(" ")}: ${why}\n${result.text.trimEnd()}`);
  }
}

/** A command that is still running, for tests of interruption. */
export interface RunningCommand {
  pid: number;
  /** The result, whatever the exit code. */
  ended: Promise<EngineResult>;
  /** Sends a signal to the CLI alone, as a terminal's Ctrl-C does (the engine keeps its plugins in groups of their own). */
  signal(signal: NodeJS.Signals): void;
  /** Waits until the output so far matches. Rejects when the command ends before. */
  printed(pattern: RegExp): Promise<void>;
}

export interface EngineProject {
  /** Folder of the project: Pulumi.yaml, the program, node_modules. */
  readonly folder: string;
  /** Folder of the file backend. */
  readonly stateFolder: string;
  readonly stack: string;
  /** Replaces the program (the text of `index.js`, or files by relative path). */
  writeProgram(program: string | Record<string, string>): void;
  /** Sets stack configuration. */
  setConfig(config: StackConfig): Promise<void>;
  /** `pulumi up --yes --skip-preview`; give `{ preview: true }` to have the preview phase, too. */
  up(flags?: string[], options?: CommandOptions & { preview?: boolean }): Promise<EngineResult>;
  preview(flags?: string[], options?: CommandOptions): Promise<EngineResult>;
  /** `pulumi refresh --yes --skip-preview`, or with `--preview-only` in the flags just that. */
  refresh(flags?: string[], options?: CommandOptions): Promise<EngineResult>;
  destroy(flags?: string[], options?: CommandOptions): Promise<EngineResult>;
  /** Any command. `--stack` is added where the command takes one; say `stack: ""` to leave it out. */
  pulumi(args: string[], options?: CommandOptions): Promise<EngineResult>;
  /** Starts a command and does not wait. */
  start(args: string[], options?: CommandOptions): RunningCommand;
  /** `pulumi stack export`; secrets encrypted unless asked otherwise. */
  export(options?: { showSecrets?: boolean }): Promise<Deployment>;
  /** `pulumi stack import` of a changed export. */
  import(deployment: Deployment): Promise<void>;
  /** The resources in state, without the stack itself and without provider resources. */
  resources(options?: { showSecrets?: boolean }): Promise<StateResource[]>;
  /** One resource in state, by its Pulumi name; throws when it is not there. */
  resource(name: string, options?: { showSecrets?: boolean }): Promise<StateResource>;
  /** Stack outputs, secrets in clear. */
  outputs(): Promise<Record<string, unknown>>;
  /** Processes of this project that are alive: CLI, language host, program, provider. */
  processes(): { pid: number; command: string }[];
  /** Kills what is left and removes the folder. */
  dispose(): Promise<void>;
}

/** The folder that holds `bin/pulumi`, as `npm test` found or made it. */
export function cliRoot(): string {
  const root = process.env["PULUMI_DINGTALK_CLI_ROOT"];
  if (root === undefined) {
    throw new Error(
      "PULUMI_DINGTALK_CLI_ROOT is not set: run the tests with `npm test -- <files>`, which finds or builds a Pulumi CLI.",
    );
  }
  return root;
}

export async function createEngineProject(options: EngineProjectOptions): Promise<EngineProject> {
  const scratch = makeScratch("pulumi-dingtalk-engine");
  const project = new ScratchProject(scratch, options);
  try {
    await project.prepare();
  } catch (error) {
    await scratch.dispose();
    throw error;
  }
  return project;
}

/** Commands that know no `--stack`. */
const STACKLESS = new Set(["version", "whoami", "login", "logout", "plugin", "about"]);
/** Commands that write a log of engine events. */
const OPERATIONS = new Set(["up", "preview", "refresh", "destroy"]);

class ScratchProject implements EngineProject {
  readonly folder: string;
  readonly stateFolder: string;
  readonly stack: string;
  private readonly env: Record<string, string>;
  private logs = 0;

  constructor(
    private readonly scratch: ReturnType<typeof makeScratch>,
    private readonly options: EngineProjectOptions,
  ) {
    this.folder = path.join(scratch.folder, "project");
    this.stateFolder = path.join(scratch.folder, "state");
    this.stack = options.stack ?? "dev";
    this.env = this.environment();
  }

  async prepare(): Promise<void> {
    for (const folder of ["project", "state", "home", "logs"]) {
      fs.mkdirSync(path.join(this.scratch.folder, folder));
    }
    const { project = "engine-test", projectFile = "", config } = this.options;
    fs.writeFileSync(
      path.join(this.folder, "Pulumi.yaml"),
      `name: ${project}\nruntime: nodejs\n${projectFile}\n`,
    );
    fs.writeFileSync(
      path.join(this.folder, "package.json"),
      JSON.stringify({ name: project, main: "index.js" }),
    );
    this.writeProgram(this.options.program);
    installPackage(this.folder, this.options);
    await this.pulumi(["stack", "init", this.stack], { stack: "" });
    if (config) {
      await this.setConfig(config);
    }
  }

  private environment(): Record<string, string> {
    const env: Record<string, string | undefined> = {
      PATH: [
        this.options.nodeFolder,
        path.join(cliRoot(), "bin"),
        path.dirname(process.execPath),
        process.env["PATH"],
      ]
        .filter((folder) => folder !== undefined)
        .join(path.delimiter),
      HOME: path.join(this.scratch.folder, "home"),
      TMPDIR: process.env["TMPDIR"],
      LANG: "C.UTF-8",
      ...this.scratch.marker,
      PULUMI_HOME: path.join(this.scratch.folder, "home", ".pulumi"),
      PULUMI_BACKEND_URL: `file://${this.stateFolder}`,
      PULUMI_CONFIG_PASSPHRASE: PASSPHRASE,
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      PULUMI_DISABLE_REGISTRY_RESOLVE: "true",
      // Allows --event-log, which the CLI hides otherwise.
      PULUMI_DEBUG_COMMANDS: "true",
      ALIBABA_CLOUD_ECS_METADATA_DISABLED: "true",
      ...this.options.env,
    };
    return defined(env);
  }

  writeProgram(program: string | Record<string, string>): void {
    const files = typeof program === "string" ? { "index.js": program } : program;
    for (const [name, text] of Object.entries(files)) {
      const file = path.join(this.folder, name);
      fs.mkdirSync(path.dirname(file), { recursive: true });
      fs.writeFileSync(file, text);
    }
  }

  async setConfig(config: StackConfig): Promise<void> {
    const args = Object.entries(config).flatMap(([key, value]) =>
      typeof value === "string" ? ["--plaintext", `${key}=${value}`] : ["--secret", `${key}=${value.secret}`],
    );
    if (args.length > 0) {
      await this.pulumi(["config", "set-all", ...args]);
    }
  }

  up(flags: string[] = [], options: CommandOptions & { preview?: boolean } = {}): Promise<EngineResult> {
    return this.pulumi(["up", "--yes", ...(options.preview ? [] : ["--skip-preview"]), ...flags], options);
  }

  preview(flags: string[] = [], options: CommandOptions = {}): Promise<EngineResult> {
    return this.pulumi(["preview", ...flags], options);
  }

  refresh(flags: string[] = [], options: CommandOptions = {}): Promise<EngineResult> {
    const always = flags.includes("--preview-only") ? [] : ["--yes", "--skip-preview"];
    return this.pulumi(["refresh", ...always, ...flags], options);
  }

  destroy(flags: string[] = [], options: CommandOptions = {}): Promise<EngineResult> {
    return this.pulumi(["destroy", "--yes", "--skip-preview", ...flags], options);
  }

  async pulumi(args: string[], options: CommandOptions = {}): Promise<EngineResult> {
    const result = await this.start(args, options).ended;
    const { expectExit = 0 } = options;
    if (expectExit === "any" || result.exitCode === expectExit) {
      return result;
    }
    const ended = result.signal === undefined ? `exit code ${result.exitCode}` : `ended by ${result.signal}`;
    throw new EngineError(
      result,
      `${ended}, expected exit code ${expectExit}, after ${Math.round(result.durationMs)} ms`,
    );
  }

  start(args: string[], options: CommandOptions = {}): RunningCommand {
    const [command = ""] = args;
    const stack = options.stack ?? (STACKLESS.has(command) ? "" : this.stack);
    const log = path.join(this.scratch.folder, "logs", String(this.logs++));
    const all = [...args, "--non-interactive", "--color", "never"];
    if (stack !== "") {
      all.push("--stack", stack);
    }
    if (OPERATIONS.has(command)) {
      all.push("--event-log", `${log}.events`);
    }
    const grpcFile = options.grpc ? { PULUMI_DEBUG_GRPC: `${log}.grpc` } : {};

    const began = performance.now();
    const [executable, given] = commandLine(
      [path.join(cliRoot(), "bin", "pulumi"), ...all],
      options.terminal,
    );
    const child = spawn(executable, given, {
      cwd: this.folder,
      env: defined({ ...this.env, ...grpcFile, ...options.env }),
      stdio: ["pipe", "pipe", "pipe"],
      detached: true,
    });
    if (child.pid === undefined) {
      throw new Error(`The Pulumi CLI does not start: ${path.join(cliRoot(), "bin", "pulumi")}`);
    }
    const { pid } = child;
    const printed = { stdout: "", stderr: "" };
    const listeners = new Set<() => void>();
    for (const name of ["stdout", "stderr"] as const) {
      child[name].setEncoding("utf8").on("data", (chunk: string) => {
        printed[name] += chunk;
        for (const listener of listeners) {
          listener();
        }
      });
    }
    // A command that does not read its input ends first: that is no failure of the test.
    child.stdin.on("error", () => undefined);
    child.stdin.end(options.stdin ?? "");
    const timeoutMs = options.timeoutMs ?? COMMAND_TIMEOUT_MS;
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      for (const { pid: one } of this.processes()) {
        killQuietly(one, "SIGKILL");
      }
    }, timeoutMs);

    const ended = new Promise<EngineResult>((resolve, reject) => {
      // "exit", not "close": after kill -9 of the CLI its orphans still hold the pipes.
      child.on("exit", (code, signal) => {
        clearTimeout(timer);
        setImmediate(() => {
          const result = new EngineResult(
            args,
            code ?? undefined,
            signal ?? undefined,
            printed.stdout,
            printed.stderr,
            performance.now() - began,
            readJsonLines<EngineEvent>(`${log}.events`),
            readJsonLines<GrpcRecord>(`${log}.grpc`),
          );
          if (timedOut) {
            reject(new EngineError(result, `did not end within ${timeoutMs} ms`));
          } else {
            resolve(result);
          }
        });
      });
    });
    return {
      pid,
      ended,
      signal: (signal) => killQuietly(pid, signal),
      printed: (pattern) =>
        new Promise((resolve, reject) => {
          const look = () => {
            if (!pattern.test(printed.stdout + printed.stderr)) {
              return;
            }
            listeners.delete(look);
            resolve();
          };
          listeners.add(look);
          look();
          void ended.then(
            (result) => reject(new EngineError(result, `ended before it printed ${String(pattern)}`)),
            reject,
          );
        }),
    };
  }

  async export(options: { showSecrets?: boolean } = {}): Promise<Deployment> {
    const result = await this.pulumi(["stack", "export", ...(options.showSecrets ? ["--show-secrets"] : [])]);
    return result.json as Deployment;
  }

  async import(deployment: Deployment): Promise<void> {
    await this.pulumi(["stack", "import"], { stdin: JSON.stringify(deployment) });
  }

  async resources(options: { showSecrets?: boolean } = {}): Promise<StateResource[]> {
    const { deployment } = await this.export(options);
    return (deployment.resources ?? []).filter(
      (resource) => resource.type !== "pulumi:pulumi:Stack" && !resource.type.startsWith("pulumi:providers:"),
    );
  }

  async resource(name: string, options: { showSecrets?: boolean } = {}): Promise<StateResource> {
    const all = await this.resources(options);
    const found = all.find((resource) => resource.urn.endsWith(`::${name}`));
    if (!found) {
      throw new Error(`No resource ${name} in state, only: ${all.map(({ urn }) => urn).join(", ")}`);
    }
    return found;
  }

  async outputs(): Promise<Record<string, unknown>> {
    const result = await this.pulumi(["stack", "output", "--json", "--show-secrets"]);
    return result.json as Record<string, unknown>;
  }

  processes(): { pid: number; command: string }[] {
    return this.scratch.processes();
  }

  dispose(): Promise<void> {
    return this.scratch.dispose();
  }
}

function commandLine([executable = "", ...args]: string[], inTerminal = false): [string, string[]] {
  if (!inTerminal) {
    return [executable, args];
  }
  const quoted = [executable, ...args].map((word) => `'${word.replaceAll("'", "'\\''")}'`);
  return ["script", ["--quiet", "--return", "--command", `exec ${quoted.join(" ")}`, "/dev/null"]];
}

function defined(env: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

/** Reads what is there: the last line of a killed command may be half a line. */
function readJsonLines<T>(file: string): T[] {
  if (!fs.existsSync(file)) {
    return [];
  }
  const parsed: T[] = [];
  for (const line of fs.readFileSync(file, "utf8").split("\n")) {
    if (line === "") {
      continue;
    }
    try {
      parsed.push(JSON.parse(line) as T);
    } catch (error) {
      if (!(error instanceof SyntaxError)) {
        throw error;
      }
    }
  }
  return parsed;
}

function killQuietly(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") {
      throw error;
    }
  }
}
