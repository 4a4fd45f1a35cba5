/**
 * Drives the stock dynamic provider process of `@pulumi/pulumi` without an engine: the same RPCs, with plain objects.
 * Starts in about half a second, so it suits what needs the real process but not the real engine: old and new SDKs,
 * odd results, the configure race, a lost engine.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import { createRequire } from "node:module";
import * as path from "node:path";
import { makeScratch } from "../../scripts/scratch.cjs";
import { DEFAULT_SDK, installPackage, type PackageLayout } from "./layout";

/** What the engine sends in the place of a value it does not know yet. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const SECRET_KEY = "4dabf18193072939515e22adb298388d";
const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";
const START_LIMIT_MS = 20_000;

export type Bag = Record<string, unknown>;

/** A value that came in Pulumi's secret envelope. Make one with `secret()` to compare, or to send the envelope. */
export class SecretValue {
  constructor(readonly secretValue: unknown) {}
}

export function secret(value: unknown): SecretValue {
  return new SecretValue(value);
}

/** An RPC that failed. */
export class ProviderCallError extends Error {
  override name = "ProviderCallError";
  constructor(
    message: string,
    /** The numeric gRPC status. */
    readonly status: number,
    /** Present when create or update reported an object that exists but is not finished. */
    readonly initFailed: { id: string; properties: Bag; reasons: string[] } | undefined,
  ) {
    super(message);
  }
}

export interface CheckReply {
  inputs: Bag;
  failures: { property: string; reason: string }[];
}

export interface DiffReply {
  /** The three values of a diff: `true`, `false`, or `undefined` for "let the engine compare the inputs". */
  changes: boolean | undefined;
  replaces: string[];
  deleteBeforeReplace: boolean;
}

/** A line that the provider sent to the engine's log. */
export interface LogLine {
  severity: "debug" | "info" | "warning" | "error";
  message: string;
  urn: string;
  ephemeral: boolean;
}

export interface ProviderProcessOptions extends PackageLayout {
  env?: Record<string, string>;
  /** Name of the Pulumi project, the namespace of keys without one. */
  project?: string;
  /** The Node to run it with; the one that runs the tests by default. */
  node?: string;
  /** `false`: no engine listens at the address that the process is given. */
  engine?: boolean;
}

export interface ProviderProcess {
  readonly pid: number;
  /** The working directory, where the stub's `require` looks first. */
  readonly folder: string;
  /** Everything printed so far. The first line of stdout, the port, is left out. */
  readonly stdout: string;
  readonly stderr: string;
  /** What came to the engine's log so far. */
  readonly logs: readonly LogLine[];
  /** The engine configures a provider before its first call; without this, a provider with a `configure` method fails. */
  configure(config?: Bag): Promise<void>;
  check(olds: Bag, news: Bag): Promise<CheckReply>;
  /** `olds` are the old outputs, as the engine sends them. */
  diff(id: string, olds: Bag, news: Bag): Promise<DiffReply>;
  create(inputs: Bag): Promise<{ id: string; properties: Bag }>;
  /** `inputs` is undefined when the provider returned none. A blank `id` means gone. */
  read(id: string, properties: Bag): Promise<{ id: string; properties: Bag; inputs: Bag | undefined }>;
  update(id: string, olds: Bag, news: Bag): Promise<{ properties: Bag }>;
  delete(id: string, properties: Bag): Promise<void>;
  /** Cuts the connection to the engine, as its death does. */
  loseEngine(): void;
  /** Closes our ends of stdout and stderr, as the death of the engine does. */
  closeOutput(): void;
  signal(signal: NodeJS.Signals): void;
  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  dispose(): Promise<void>;
}

export async function startProviderProcess(options: ProviderProcessOptions = {}): Promise<ProviderProcess> {
  const scratch = makeScratch("pulumi-dingtalk-provider");
  let engine: FakeEngine | undefined;
  try {
    const folder = path.join(scratch.folder, "project");
    fs.mkdirSync(folder);
    fs.mkdirSync(path.join(scratch.folder, "home"));
    installPackage(folder, options);
    engine = options.engine === false ? undefined : await FakeEngine.start();
    const script = path.join(options.sdk ?? DEFAULT_SDK, "cmd", "dynamic-provider", "index.js");
    // Port 1 answers nothing, and nobody listens there.
    const child = spawn(options.node ?? process.execPath, [script, engine?.address ?? "127.0.0.1:1"], {
      cwd: folder,
      env: {
        PATH: process.env["PATH"] ?? "",
        HOME: path.join(scratch.folder, "home"),
        ...scratch.marker,
        PULUMI_NODEJS_PROJECT: options.project ?? "engine-test",
        ALIBABA_CLOUD_ECS_METADATA_DISABLED: "true",
        ...options.env,
      },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    const driver = new Driver(child, folder, engine, scratch.dispose);
    await driver.connect();
    return driver;
  } catch (error) {
    engine?.close();
    await scratch.dispose();
    throw error;
  }
}

class Driver implements ProviderProcess {
  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  stdout = "";
  stderr = "";
  private client: GrpcClient | undefined;

  constructor(
    private readonly child: ChildProcess,
    readonly folder: string,
    private readonly engine: FakeEngine | undefined,
    private readonly removeScratch: () => Promise<void>,
  ) {
    this.exited = once(child, "exit").then(([code, signal]) => ({
      code: code as number | null,
      signal: signal as NodeJS.Signals | null,
    }));
    child.stderr?.setEncoding("utf8").on("data", (chunk: string) => (this.stderr += chunk));
  }

  get pid(): number {
    return this.child.pid ?? -1;
  }

  get logs(): readonly LogLine[] {
    return this.engine?.logs ?? [];
  }

  async connect(): Promise<void> {
    const port = await new Promise<string>((resolve, reject) => {
      let head = "";
      let started = false;
      const fail = (why: string) => reject(new Error(`The provider process ${why}.\n${head}${this.stderr}`));
      const timer = setTimeout(() => fail(`printed no port within ${START_LIMIT_MS} ms`), START_LIMIT_MS);
      this.child.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
        if (started) {
          this.stdout += chunk;
          return;
        }
        head += chunk;
        const [, line, rest] = /^(\d+)\n([\s\S]*)$/.exec(head) ?? [];
        if (line === undefined) {
          return;
        }
        started = true;
        this.stdout = rest ?? "";
        clearTimeout(timer);
        resolve(line);
      });
      void this.exited.then(({ code }) => {
        clearTimeout(timer);
        fail(`ended with code ${String(code)} before it listened`);
      });
    });
    this.client = new proto.ResourceProviderClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
  }

  async configure(config: Bag = {}): Promise<void> {
    const request = new proto.provider.ConfigureRequest();
    request["setArgs"]?.(toStruct(config));
    request["setAcceptsecrets"]?.(true);
    await this.call("configure", request);
  }

  async check(olds: Bag, news: Bag): Promise<CheckReply> {
    const request = new proto.provider.CheckRequest();
    request["setOlds"]?.(toStruct(olds));
    request["setNews"]?.(toStruct(news));
    const reply = await this.call("check", request);
    const failures = reply["getFailuresList"]?.() as Message[];
    return {
      inputs: fromStruct(reply["getInputs"]?.()),
      failures: failures.map((failure) => ({
        property: failure["getProperty"]?.() as string,
        reason: failure["getReason"]?.() as string,
      })),
    };
  }

  async diff(id: string, olds: Bag, news: Bag): Promise<DiffReply> {
    const request = new proto.provider.DiffRequest();
    request["setId"]?.(id);
    request["setOlds"]?.(toStruct(olds));
    request["setNews"]?.(toStruct(news));
    const reply = await this.call("diff", request);
    return {
      // DIFF_UNKNOWN = 0, DIFF_NONE = 1, DIFF_SOME = 2
      changes: [undefined, false, true][reply["getChanges"]?.() as number],
      replaces: reply["getReplacesList"]?.() as string[],
      deleteBeforeReplace: reply["getDeletebeforereplace"]?.() as boolean,
    };
  }

  async create(inputs: Bag): Promise<{ id: string; properties: Bag }> {
    const request = new proto.provider.CreateRequest();
    request["setProperties"]?.(toStruct(inputs));
    const reply = await this.call("create", request);
    return { id: reply["getId"]?.() as string, properties: fromStruct(reply["getProperties"]?.()) };
  }

  async read(id: string, properties: Bag): Promise<{ id: string; properties: Bag; inputs: Bag | undefined }> {
    const request = new proto.provider.ReadRequest();
    request["setId"]?.(id);
    request["setProperties"]?.(toStruct(properties));
    const reply = await this.call("read", request);
    const inputs = reply["getInputs"]?.();
    return {
      id: reply["getId"]?.() as string,
      properties: fromStruct(reply["getProperties"]?.()),
      inputs: inputs === undefined ? undefined : fromStruct(inputs),
    };
  }

  async update(id: string, olds: Bag, news: Bag): Promise<{ properties: Bag }> {
    const request = new proto.provider.UpdateRequest();
    request["setId"]?.(id);
    request["setOlds"]?.(toStruct(olds));
    request["setNews"]?.(toStruct(news));
    const reply = await this.call("update", request);
    return { properties: fromStruct(reply["getProperties"]?.()) };
  }

  async delete(id: string, properties: Bag): Promise<void> {
    const request = new proto.provider.DeleteRequest();
    request["setId"]?.(id);
    request["setProperties"]?.(toStruct(properties));
    await this.call("delete", request);
  }

  private call(method: string, request: Message): Promise<Message> {
    return new Promise((resolve, reject) => {
      this.client?.[method]?.(request, (error: GrpcError | null, reply: Message) => {
        if (error) {
          reject(toCallError(error));
        } else {
          resolve(reply);
        }
      });
    });
  }

  loseEngine(): void {
    this.engine?.close();
  }

  closeOutput(): void {
    this.child.stdout?.destroy();
    this.child.stderr?.destroy();
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  async dispose(): Promise<void> {
    this.client?.["close"]?.();
    this.engine?.close();
    await this.removeScratch();
  }
}

/** The part of the engine that a provider talks to: its log. */
class FakeEngine {
  readonly logs: LogLine[] = [];
  address = "";
  private readonly server = new grpc.Server();

  static async start(): Promise<FakeEngine> {
    const engine = new FakeEngine();
    engine.server.addService(proto.EngineService, {
      log: (call: { request: Message }, reply: (error: null, message: Message) => void) => {
        engine.logs.push({
          severity:
            (["debug", "info", "warning", "error"] as const)[call.request["getSeverity"]?.() as number] ??
            "info",
          message: call.request["getMessage"]?.() as string,
          urn: call.request["getUrn"]?.() as string,
          ephemeral: call.request["getEphemeral"]?.() as boolean,
        });
        reply(null, new proto.Empty());
      },
    });
    const port = await new Promise<number>((resolve, reject) => {
      engine.server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) => {
        if (error) {
          reject(error);
        } else {
          resolve(bound);
        }
      });
    });
    engine.address = `127.0.0.1:${port}`;
    return engine;
  }

  close(): void {
    this.server.forceShutdown();
  }
}

// ── Protocol ────────────────────────────────────────────────────────────────────────────────────────────────────

// The generated messages of @pulumi/pulumi come without usable types; these are the parts used here.
type Message = Record<string, ((...args: unknown[]) => unknown) | undefined>;
type MessageClass = new () => Message;
type GrpcClient = Record<string, ((...args: unknown[]) => unknown) | undefined>;

interface GrpcError extends Error {
  code: number;
  details: string;
  metadata: { get(key: string): unknown[] };
}

interface GrpcModule {
  credentials: { createInsecure(): unknown };
  ServerCredentials: { createInsecure(): unknown };
  Server: new () => {
    addService(service: unknown, methods: object): void;
    bindAsync(address: string, credentials: unknown, done: (error: Error | null, port: number) => void): void;
    forceShutdown(): void;
  };
}

interface StructClass {
  fromJavaScript(value: Bag): unknown;
}

// gRPC and protobuf must be the very copies that the SDK uses, not others that may lie in our node_modules.
const fromSdk = createRequire(path.join(DEFAULT_SDK, "package.json"));
const grpc = fromSdk("@grpc/grpc-js") as GrpcModule;
const { Struct } = fromSdk("google-protobuf/google/protobuf/struct_pb.js") as { Struct: StructClass };
const proto = {
  provider: fromSdk("./proto/provider_pb.js") as Record<
    | "ConfigureRequest"
    | "CheckRequest"
    | "DiffRequest"
    | "CreateRequest"
    | "ReadRequest"
    | "UpdateRequest"
    | "DeleteRequest",
    MessageClass
  > & { ErrorResourceInitFailed: { deserializeBinary(bytes: unknown): Message } },
  status: fromSdk("./proto/status_pb.js") as { Status: { deserializeBinary(bytes: unknown): Message } },
  ...(fromSdk("./proto/provider_grpc_pb.js") as {
    ResourceProviderClient: new (address: string, credentials: unknown) => GrpcClient;
  }),
  ...(fromSdk("./proto/engine_grpc_pb.js") as { EngineService: unknown }),
  ...(fromSdk("google-protobuf/google/protobuf/empty_pb.js") as { Empty: MessageClass }),
};

function toCallError(error: GrpcError): ProviderCallError {
  const [bytes] = error.metadata.get("grpc-status-details-bin");
  if (bytes === undefined) {
    return new ProviderCallError(error.details, error.code, undefined);
  }
  const [detail] = proto.status.Status.deserializeBinary(bytes)["getDetailsList"]?.() as Message[];
  const failed = proto.provider.ErrorResourceInitFailed.deserializeBinary(detail?.["getValue_asU8"]?.());
  return new ProviderCallError(error.details, error.code, {
    id: failed["getId"]?.() as string,
    properties: fromStruct(failed["getProperties"]?.()),
    reasons: failed["getReasonsList"]?.() as string[],
  });
}

function toStruct(bag: Bag): unknown {
  return Struct.fromJavaScript(encode(bag) as Bag);
}

function encode(value: unknown): unknown {
  if (value instanceof SecretValue) {
    return { [SECRET_KEY]: SECRET_SIGNATURE, value: encode(value.secretValue) };
  }
  if (Array.isArray(value)) {
    return value.map(encode);
  }
  if (value === null || typeof value !== "object") {
    return value;
  }
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, encode(one)]));
}

function fromStruct(struct: unknown): Bag {
  if (struct === undefined) {
    return {};
  }
  return decode((struct as { toJavaScript(): unknown }).toJavaScript()) as Bag;
}

function decode(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(decode);
  }
  if (value === null || typeof value !== "object") {
    return value;
  }
  const bag = value as Bag;
  if (bag[SECRET_KEY] === SECRET_SIGNATURE) {
    return new SecretValue(decode(bag["value"]));
  }
  return Object.fromEntries(Object.entries(bag).map(([key, one]) => [key, decode(one)]));
}
