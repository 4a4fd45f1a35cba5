/**
 * A project on the real engine beside an emulated ZStack. Programs are plain JavaScript, put together from `endpoint(…)` lines; what
 * they did is then asked of the emulator, never of the provider.
 */
import { start, type Emulator, type EmulatorOptions, type JournalEntry } from "../../../emulator";
import {
  createEngineProject,
  type EngineProject,
  type EngineProjectOptions,
  type EngineResult,
} from "../harness";

export const WEBHOOK = "https://oapi.dingtalk.com/robot/send?access_token=canary-token-of-the-webhook";
export const OTHER_WEBHOOK = "https://oapi.dingtalk.com/robot/send?access_token=canary-token-of-another";
/** Fits a create call and is too long for an update. */
export const LONG_WEBHOOK = `${WEBHOOK}-${"long".repeat(60)}`;
export const PASSWORD = "canary-account-password";

export interface LabOptions extends Partial<EngineProjectOptions> {
  emulator?: EmulatorOptions;
  /** `false`: the environment says nothing about ZStack. */
  connected?: boolean;
}

/** What a DingTalk endpoint of the emulator looks like, in the words of a program. */
export interface ServerView {
  name: string;
  webhookUrl: string | undefined;
  secret: string | undefined;
  description: string | undefined;
  atAll: boolean;
  enabled: boolean;
  atPersons: Record<string, string>;
  userTags: string[];
  tagUuids: string[];
}

export class Lab {
  private constructor(
    readonly emulator: Emulator,
    readonly project: EngineProject,
  ) {}

  static async create(options: LabOptions = {}): Promise<Lab> {
    const { emulator: emulatorOptions, connected = true, env, ...rest } = options;
    const emulator = await startEmulator(emulatorOptions);
    try {
      const project = await createEngineProject({
        program: "",
        ...rest,
        env: { ...(connected ? connectionOf(emulator) : {}), ...env },
      });
      return new Lab(emulator, project);
    } catch (error) {
      await emulator.close();
      throw error;
    }
  }

  async dispose(): Promise<void> {
    await this.project.dispose();
    await this.emulator.close();
  }

  get zstack(): Emulator["zstack"] {
    return this.emulator.zstack;
  }

  /** Makes these statements the program. */
  declare(...statements: string[]): void {
    this.project.writeProgram(program(...statements));
  }

  /** Declares, forgets the journal and runs `pulumi up`. */
  async up(statements: string[], ...rest: Parameters<EngineProject["up"]>): Promise<EngineResult> {
    this.declare(...statements);
    this.emulator.journal.clear();
    return this.project.up(...rest);
  }

  /** All links as `topicUuid/endpointUuid`, `alarmUuid/topicUuid` and `subscriptionUuid/topicUuid`. */
  get links(): string[] {
    const { subscriptions, alarmActions, eventSubscriptionActions } = this.zstack;
    return [
      ...subscriptions.list().map((row) => `${row.topicUuid}/${row.endpointUuid}`),
      ...alarmActions.list().map((row) => `${row.alarmUuid}/${row.actionUuid}`),
      ...eventSubscriptionActions.list().map((row) => `${row.subscriptionUuid}/${row.actionUuid}`),
    ].sort();
  }

  /** Uuids of the topics on the server, without ZStack's own. */
  get topicUuids(): string[] {
    const builtIn = ["system-alarm", "api"];
    return this.zstack.topics.list().flatMap(({ uuid, name }) => (builtIn.includes(name) ? [] : [uuid]));
  }

  /** Uuids of the DingTalk endpoints on the server. */
  get uuids(): string[] {
    return this.zstack.endpoints.list().map(({ uuid }) => uuid);
  }

  /** An endpoint as the server has it. */
  view(uuid: string): ServerView {
    return viewOf(this.emulator, uuid);
  }

  /** The only endpoint on the server. */
  theOnly(): { uuid: string } & ServerView {
    const [uuid, ...others] = this.uuids;
    if (uuid === undefined || others.length > 0) {
      throw new Error(`expected exactly one endpoint on the server, found ${this.uuids.length}`);
    }
    return { uuid, ...this.view(uuid) };
  }

  /** The changing calls since the journal was cleared, as operation names. */
  get changes(): string[] {
    return this.emulator.journal.changing().map(nameOf);
  }

  /** Those of them that concern one endpoint. `tagOwners` tells whose the tags were that are gone now. */
  changesOf(uuid: string, tagOwners: ReadonlyMap<string, string> = new Map()): string[] {
    const isAbout = (entry: JournalEntry): boolean => {
      const tagUuid = /\/tags\/([^/]+)$/.exec(entry.path)?.[1];
      if (tagUuid !== undefined) {
        return tagOwners.get(tagUuid) === uuid;
      }
      return JSON.stringify([entry.path, entry.query, entry.body]).includes(uuid);
    };
    return this.emulator.journal.changing().filter(isAbout).map(nameOf);
  }

  /** Tag uuid → uuid of the endpoint that carries it. */
  tagOwners(): ReadonlyMap<string, string> {
    return new Map(this.zstack.tags.list().map(({ uuid, resourceUuid }) => [uuid, resourceUuid]));
  }
}

export function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  return start({ ...options, zstack: { accountPassword: PASSWORD, ...options.zstack } });
}

/** The environment that points to an emulator, logging in with the account. */
export function connectionOf(emulator: Emulator): Record<string, string> {
  return {
    ZSTACK_ENDPOINT: emulator.url,
    ZSTACK_ACCOUNT_NAME: emulator.zstack.accountName,
    ZSTACK_ACCOUNT_PASSWORD: emulator.zstack.accountPassword,
  };
}

export function viewOf({ zstack }: Emulator, uuid: string): ServerView {
  const row = zstack.endpoints.get(uuid);
  if (row?.type !== "DingTalk") {
    throw new Error(`no DingTalk endpoint ${uuid} on the server`);
  }
  const { name, url, secret, description, atAll, state } = row;
  const persons = zstack.persons.list().filter((person) => person.endpointUuid === uuid);
  const tags = zstack.tags.list().filter((tag) => tag.resourceUuid === uuid);
  return {
    name,
    webhookUrl: url,
    secret: secret === "" ? undefined : secret,
    description: description === "" ? undefined : description,
    atAll,
    enabled: state === "Enabled",
    atPersons: Object.fromEntries(
      persons.map(({ phoneNumber, remark }) => [phoneNumber, remark ?? ""] as const).sort(),
    ),
    userTags: tags
      .filter((tag) => tag.tagPatternUuid === undefined)
      .map(({ tag }) => tag)
      .sort(),
    tagUuids: tags
      .flatMap(({ tagPatternUuid }) => (tagPatternUuid === undefined ? [] : [tagPatternUuid]))
      .sort(),
  };
}

/** The text of a program. */
export function program(...statements: string[]): string {
  return [
    `const pulumi = require("@pulumi/pulumi");`,
    `const { Provider, securitycenter, zstack } = require("pulumi-dingtalk");`,
    ...statements,
    "",
  ].join("\n");
}

/** A statement that declares an endpoint. `opts` is the text of its resource options; every endpoint has a webhook unless told otherwise. */
export function endpoint(name: string, args: object = {}, opts = "{}"): string {
  const given = JSON.stringify({ webhookUrl: WEBHOOK, ...args });
  return `const ${name} = new zstack.DingTalkEndpoint(${JSON.stringify(name)}, ${given}, ${opts});`;
}

/** A statement that declares any resource of ZStack; members of `args` that are code, such as `duty.uuid`, stand in a {@link code}. */
export function declare(kind: string, name: string, args: object = {}, opts = "{}"): string {
  const given = JSON.stringify(args).replace(/"<code>(.*?)<\/code>"/g, (_whole, text: string) => text);
  return `const ${name} = new zstack.${kind}(${JSON.stringify(name)}, ${given}, ${opts});`;
}

/** A piece of program text in the arguments of {@link declare}, without quotes of its own. */
export function code(text: string): string {
  return `<code>${text}</code>`;
}

/** The exact paths and kinds that the engine shows for a resource. */
export function shownOf(result: EngineResult, name: string): Record<string, string> {
  const detailed = Object.entries(result.step(name)?.detailedDiff ?? {});
  return Object.fromEntries(detailed.map(([path, { kind }]) => [path, kind]));
}

/** What the engine says went wrong with a resource. */
export function errorOf(result: EngineResult, name: string): string {
  return result.diagnostics
    .filter(({ severity, urn }) => severity === "error" && urn?.endsWith(`::${name}`))
    .map(({ message }) => message)
    .join("\n");
}

/** Ends a test when a step or its id is missing. */
export function idOf(result: EngineResult, name: string): string {
  const id = result.step(name)?.new?.id;
  if (id === undefined || id === "") {
    throw new Error(`no id of ${name} in\n${result.text}`);
  }
  return id;
}

/** `"+86-13800000000"` and the like. */
export function phone(n: number): string {
  return `+86-138${String(n).padStart(8, "0")}`;
}

function nameOf({ operation, method, path }: JournalEntry): string {
  return operation ?? `${method} ${path}`;
}

/** A well-formed uuid that is easy to recognise. */
export function uuid(digit: string): string {
  return `${digit.repeat(12)}4${digit.repeat(3)}8${digit.repeat(15)}`;
}

const LOOK_AGAIN_MS = 50;

/** Waits for something that no event tells of, such as the end of a process that is not our child. The test's own limit ends it. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
}
