// @ts-check
// One contender with what it needs: its project, an emulator of its own (so that nobody lists the objects of others), and the commands that
// are timed.

import { spawn } from "node:child_process";
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { duration, run, UserError } from "../processes.mjs";
import { ROOT } from "../setup.mjs";
import { PROGRAM_SIDE_FILE, PROJECT, writeProject } from "./programs.mjs";

const require = createRequire(import.meta.url);

/** @typedef {import("../../emulator/index.ts").Emulator} Emulator */
/** @typedef {import("./programs.mjs").Contender} Contender */
/** @typedef {import("./programs.mjs").Kind} Kind */
/** @typedef {import("./programs.mjs").ProgramSide} ProgramSide */
/** @typedef {ReturnType<typeof import("../scratch.cjs").makeScratch>} Scratch */
/** @typedef {{ answerMs: number, jobMs: number }} Latency */
/** @typedef {{ bin: string, scratch: Scratch, latency: Latency, limitMs: number }} Surroundings */
/** @typedef {{ ms: number, peakMb: number | undefined, output: string }} Ended */
/** @typedef {Ended & { calls: Record<string, number> }} Operated */

const LOOK_EVERY_MS = 100;
/** Settings of the user's own stacks and clouds, and what would change how Node runs. */
const FOREIGN =
  /^(PULUMI_|ZSTACK_|SECURITYCENTER_|ALIBABA_?CLOUD_|ALICLOUD_|NODE_OPTIONS$)|^(https?|all|no)_proxy$/i;

/** A command did not end within the limit. */
export class TookTooLong extends Error {}

export class Laboratory {
  /**
   * @param {Contender} contender
   * @param {Surroundings} surroundings
   */
  static async open(contender, surroundings) {
    const { scratch, latency } = surroundings;
    const folder = path.join(scratch.folder, contender.id);
    writeProject(folder, contender);
    fs.mkdirSync(stateFolder(scratch, contender), { recursive: true });
    const emulator = contender.isClient ? await startEmulator(latency) : undefined;
    return new Laboratory(contender, folder, emulator, surroundings);
  }

  /**
   * @param {Contender} contender
   * @param {string} folder
   * @param {Emulator | undefined} emulator
   * @param {Surroundings} surroundings
   */
  constructor(contender, folder, emulator, { bin, scratch, latency, limitMs }) {
    this.contender = contender;
    this.folder = folder;
    this.emulator = emulator;
    this.scratch = scratch;
    this.latency = latency;
    this.limitMs = limitMs;
    this.pulumi = path.join(bin, process.platform === "win32" ? "pulumi.exe" : "pulumi");
    this.env = {
      ...environment(bin, scratch, emulator),
      PULUMI_BACKEND_URL: `file://${stateFolder(scratch, contender)}`,
    };
  }

  async close() {
    await this.emulator?.close();
  }

  /**
   * Makes a stack for so many resources of a kind, beside nothing else.
   * @param {Kind} kind
   * @param {number} count
   */
  async stack(kind, count) {
    if (this.emulator) {
      this.emulator.reset();
      slowDown(this.emulator, this.latency);
    }
    const name = `${kind}-${count}`;
    const env = {
      BENCH_KIND: kind,
      BENCH_COUNT: String(count),
      ...(kind === "subscription" ? this.subscribable(count) : {}),
    };
    await this.command(["stack", "init", name], env);
    return new Stack(this, name, env);
  }

  /**
   * What subscriptions join, which is not measured.
   * @param {number} count
   */
  subscribable(count) {
    const uuid = (/** @type {number} */ n) => n.toString(16).padStart(32, "0");
    const numbers = Array.from({ length: count }, (_, n) => n);
    const tables = this.emulator?.zstack;
    return {
      BENCH_TOPIC: tables?.topics.add({ name: "alarms" }).uuid ?? uuid(count),
      BENCH_ENDPOINTS: numbers
        .map((n) => tables?.endpoints.add({ name: `endpoint ${n}` }).uuid ?? uuid(n))
        .join(),
    };
  }

  /**
   * Runs a command of the CLI and times it.
   * @param {string[]} args
   * @param {Record<string, string>} env
   * @returns {Promise<Ended>}
   */
  async command(args, env) {
    const began = performance.now();
    const ended = run(this.pulumi, [...args, "--non-interactive", "--color", "never"], {
      cwd: this.folder,
      env: { ...this.env, ...env },
      timeoutMs: this.limitMs,
    });
    const stopWatching = watchMemory(this.scratch);
    const { exitCode, output, timedOut } = await ended;
    const ms = performance.now() - began;
    const peakMb = stopWatching();
    if (timedOut) {
      this.endLeftovers();
      throw new TookTooLong(
        `${this.contender.title}: \`pulumi ${args[0]}\` did not end within ${duration(this.limitMs)}`,
      );
    }
    if (exitCode !== 0) {
      throw new UserError(
        `${this.contender.title}: pulumi ${args.join(" ")} ended with exit code ${exitCode}.\n\n${output.trimEnd()}`,
      );
    }
    return { ms, peakMb, output };
  }

  /** Ends the processes that a killed CLI left behind, which would slow down what is measured next. */
  endLeftovers() {
    for (const { pid } of this.scratch.processes()) {
      try {
        process.kill(pid, "SIGKILL");
      } catch (error) {
        if (/** @type {NodeJS.ErrnoException} */ (error).code !== "ESRCH") {
          throw error;
        }
      }
    }
  }

  /**
   * Runs the program under Pulumi's mocks.
   * @param {number} count
   * @returns {Promise<ProgramSide>}
   */
  async programSide(count) {
    const { exitCode, output } = await run(process.execPath, [PROGRAM_SIDE_FILE], {
      cwd: this.folder,
      env: { ...this.env, BENCH_COUNT: String(count) },
      timeoutMs: this.limitMs,
    });
    if (exitCode !== 0) {
      throw new UserError(`${this.contender.title}: the program under mocks failed.\n\n${output.trimEnd()}`);
    }
    return JSON.parse(output);
  }

  /**
   * How long a provider process takes from its start to the answer of its first check.
   * @param {ProgramSide["inputs"]} inputs
   */
  processStart(inputs) {
    return timeProcessStart(this.folder, { ...this.env, PULUMI_NODEJS_PROJECT: PROJECT }, inputs);
  }
}

/** A stack of a contender. */
export class Stack {
  /**
   * @param {Laboratory} laboratory
   * @param {string} name
   * @param {Record<string, string>} env
   */
  constructor(laboratory, name, env) {
    this.laboratory = laboratory;
    this.name = name;
    this.env = env;
  }

  /** @param {string[]} [flags] */
  up(flags = []) {
    return this.operate(["up", "--yes", "--skip-preview", ...flags]);
  }

  preview() {
    return this.operate(["preview", "--expect-no-changes"]);
  }

  refresh() {
    return this.operate(["refresh", "--yes", "--skip-preview", "--expect-no-changes"]);
  }

  /** @param {string[]} [flags] */
  destroy(flags = []) {
    return this.operate(["destroy", "--yes", "--skip-preview", ...flags]);
  }

  /** Bytes of one resource in the state, on average, written without spaces. */
  async bytesEach() {
    const { output } = await this.laboratory.command(["stack", "export", "--stack", this.name], this.env);
    /** @type {{ type: string }[]} */
    const all = JSON.parse(output).deployment.resources;
    const own = all.filter(({ type }) => type.startsWith("pulumi-nodejs:"));
    return own.reduce((sum, one) => sum + Buffer.byteLength(JSON.stringify(one)), 0) / own.length;
  }

  /**
   * @param {string[]} args
   * @returns {Promise<Operated>}
   */
  async operate(args) {
    const { emulator } = this.laboratory;
    emulator?.journal.clear();
    const ended = await this.laboratory.command([...args, "--stack", this.name], this.env);
    /** @type {Record<string, number>} */
    const calls = {};
    for (const { operation = "other" } of emulator?.journal.entries ?? []) {
      calls[operation] = (calls[operation] ?? 0) + 1;
    }
    return { ...ended, calls };
  }
}

/**
 * @param {Scratch} scratch
 * @param {Contender} contender
 */
function stateFolder({ folder }, { id }) {
  return path.join(folder, "states", id);
}

/** @param {Latency} latency */
async function startEmulator(latency) {
  /** @type {typeof import("../../emulator/index.ts")} */
  const { start } = require(path.join(ROOT, "dist", "emulator", "index.js"));
  return start({
    zstack: {
      jobMs: latency.jobMs,
      pollsBeforeDone: 0,
      // A plain client asks where it is told to, and never logs out.
      locationBase: "self",
      maxSessions: 1_000_000,
    },
  });
}

/**
 * @param {Emulator} emulator
 * @param {Latency} latency
 */
function slowDown({ zstack, securitycenter }, { answerMs }) {
  for (const { faults } of [zstack, securitycenter.china]) {
    faults.add({ times: "always", fault: { kind: "slow", ms: answerMs } });
  }
}

/**
 * @param {string} bin
 * @param {Scratch} scratch
 * @param {Emulator | undefined} emulator
 * @returns {Record<string, string>}
 */
function environment(bin, { folder, marker }, emulator) {
  /** @type {Record<string, string>} */
  const env = {};
  for (const [name, value] of Object.entries(process.env)) {
    if (value !== undefined && !FOREIGN.test(name)) {
      env[name] = value;
    }
  }
  return {
    ...env,
    ...marker,
    PATH: [bin, path.dirname(process.execPath), process.env["PATH"]].join(path.delimiter),
    PULUMI_HOME: path.join(folder, "home"),
    PULUMI_CONFIG_PASSPHRASE: "benchmark",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_DISABLE_REGISTRY_RESOLVE: "true",
    ...(emulator === undefined ? {} : connectionTo(emulator)),
  };
}

/** @param {Emulator} emulator */
function connectionTo({ zstack, securitycenter }) {
  return {
    ZSTACK_ENDPOINT: zstack.url,
    ZSTACK_ACCOUNT_NAME: zstack.accountName,
    ZSTACK_ACCOUNT_PASSWORD: zstack.accountPassword,
    ALIBABA_CLOUD_ACCESS_KEY_ID: securitycenter.accessKeyId,
    ALIBABA_CLOUD_ACCESS_KEY_SECRET: securitycenter.accessKeySecret,
    ALIBABA_CLOUD_ECS_METADATA_DISABLED: "true",
    SECURITYCENTER_SITE: "china",
    SECURITYCENTER_ENDPOINT: securitycenter.china.url,
  };
}

/**
 * Looks at the provider process of a running command now and then. Where the system does not tell (it does on Linux), nothing is known.
 * @param {Scratch} scratch
 * @returns {() => number | undefined} stops, and tells the most memory that the process has had, in MB
 */
function watchMemory({ processes }) {
  /** @type {number | undefined} */
  let pid;
  /** @type {number | undefined} */
  let peakMb;
  const look = () => {
    // With the engine's address: the same words stand in the command that looks for the script.
    pid ??= processes().find(({ command }) => /dynamic-provider\S* \S+:\d+$/.test(command))?.pid;
    if (pid === undefined) {
      return;
    }
    try {
      const [, kib] =
        /^VmHWM:\s+(\d+) kB$/m.exec(fs.readFileSync(`/proc/${String(pid)}/status`, "utf8")) ?? [];
      peakMb = kib === undefined ? peakMb : Number(kib) / 1024;
    } catch {
      // Ended since; the last look stands.
      return;
    }
  };
  const timer = process.platform === "linux" ? setInterval(look, LOOK_EVERY_MS) : undefined;
  return () => {
    clearInterval(timer);
    return peakMb;
  };
}

/**
 * @param {string} folder
 * @param {Record<string, string>} env
 * @param {ProgramSide["inputs"]} inputs
 * @returns {Promise<number>}
 */
async function timeProcessStart(folder, env, inputs) {
  // gRPC and protobuf must be the very copies that the SDK uses.
  const sdk = createRequire(path.join(ROOT, "node_modules", "@pulumi", "pulumi", "package.json"));
  const grpc = sdk("@grpc/grpc-js");
  const { Struct } = sdk("google-protobuf/google/protobuf/struct_pb.js");
  const { ConfigureRequest, CheckRequest } = sdk("./proto/provider_pb.js");
  const { ResourceProviderClient } = sdk("./proto/provider_grpc_pb.js");

  const began = performance.now();
  // Nobody listens at port 1, so that nothing waits for an engine.
  const child = spawn(process.execPath, [sdk.resolve("./cmd/dynamic-provider/index.js"), "127.0.0.1:1"], {
    cwd: folder,
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    const port = await new Promise((resolve, reject) => {
      child.stdout.setEncoding("utf8").once("data", (/** @type {string} */ text) => resolve(text.trim()));
      child.once("error", reject);
      child.once("exit", (code) =>
        reject(new UserError(`The provider process ended with exit code ${String(code)}.`)),
      );
    });
    const client = new ResourceProviderClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
    /** @type {(method: string, request: unknown) => Promise<any>} */
    const call = (method, request) =>
      new Promise((resolve, reject) => {
        client[method](request, (/** @type {Error | null} */ error, /** @type {unknown} */ reply) =>
          error === null ? resolve(reply) : reject(error),
        );
      });
    const configure = new ConfigureRequest();
    configure.setArgs(Struct.fromJavaScript({}));
    await call("configure", configure);
    const check = new CheckRequest();
    check.setOlds(Struct.fromJavaScript({}));
    check.setNews(Struct.fromJavaScript(inputs));
    const failures = (await call("check", check)).getFailuresList();
    const ms = performance.now() - began;
    client.close();
    if (failures.length > 0) {
      throw new UserError(`The first check found fault: ${failures[0].getReason()}`);
    }
    return ms;
  } finally {
    child.kill("SIGKILL");
  }
}
