/** Both clouds, emulated, with objects of somebody else in them; and what must be there after a program has converged. */
import * as path from "node:path";
import { type Emulator, start } from "../../emulator";
import { type ProviderProcess, SecretValue, secret, startProviderProcess } from "../engine/provider-process";
import { connectionOf, phone, uuid, viewOf as endpointView, WEBHOOK } from "../engine/support/lab";
import { GROUP_A, GROUP_B, keysOf, viewOf as robotView } from "../engine/support/robot-lab";
import { chainViews, expectedChainView, putChain } from "./chain-world";
import { type Declaration, keyOf, type Recorded } from "./engine-model";

/** What makes time pass faster in the processes that load it. */
export const FAST_CLOCK = path.join(__dirname, "fast-clock.cjs");
/** Seed of the emulator's ids and shuffles, where a suite has none of its own. */
const EMULATOR_SEED = 20_240_501;

export const webhookOf = (token: string): string =>
  `https://oapi.dingtalk.com/robot/send?access_token=${token}`;
export const LONG_WEBHOOK = webhookOf("long".repeat(70));

export function endpoint(name: string, args: object = {}): Declaration {
  return { name, token: "zstack:DingTalkEndpoint", args: { webhookUrl: secret(webhookOf(name)), ...args } };
}

export function robot(name: string, args: object = {}): Declaration {
  return {
    name,
    token: "securitycenter:DingTalkRobot",
    args: {
      webhookUrl: secret(webhookOf(name)),
      alertRules: [{ type: "hc", conditions: { item_level: ["high"] } }],
      ...args,
    },
  };
}

/** A tag pattern that is there in every world. */
export const TAG_PATTERN = uuid("9");

/** Everything an endpoint can have, in two versions. */
export const FULL_ENDPOINT = {
  secret: secret("SEC-one"),
  description: "night shift",
  atPersons: { [phone(1)]: "Ann", [phone(2)]: "Ben" },
  enabled: false,
  userTags: ["duty", "night"],
};
export const OTHER_FULL_ENDPOINT = {
  name: "renamed",
  webhookUrl: secret(webhookOf("changed")),
  atAll: true,
  atPersons: { [phone(2)]: "Benjamin", [phone(3)]: "Cy" },
  enabled: true,
  userTags: ["day", "duty"],
};

/** Everything a robot can have, in two versions. */
export const FULL_ROBOT = {
  language: "en",
  notificationInterval: 5,
  assetGroupIds: [GROUP_A, GROUP_B],
  alertRules: [
    { type: "hc", conditions: { item_level: ["high"] } },
    { type: "suspicious", conditions: { item_level: ["serious"] } },
  ],
  enabled: false,
};
export const OTHER_FULL_ROBOT = {
  name: "renamed",
  webhookUrl: secret(webhookOf("changed")),
  notificationInterval: 9,
  assetGroupIds: [GROUP_A],
  enabled: true,
};

/** What a state must tell of a resource to be judged. */
export type Known = Pick<Recorded, "name" | "id" | "initErrors" | "isPendingReplacement">;

export class World {
  private readonly started: ProviderProcess[] = [];
  private foreign = "";

  private constructor(readonly emulator: Emulator) {}

  static async create(seed = EMULATOR_SEED): Promise<World> {
    return new World(await start({ seed }));
  }

  async dispose(): Promise<void> {
    await this.endProviders();
    await this.emulator.close();
  }

  /** Empty clouds but for what others own: objects whose names are, or begin like, those of the declared ones. */
  reset(names: readonly string[]): void {
    this.emulator.reset();
    const { zstack, securitycenter } = this.emulator;
    zstack.tagPatterns.add({ uuid: TAG_PATTERN, name: "team" });
    for (const name of names) {
      for (const similar of [autoNameOf(name), `${autoNameOf(name)}-2`]) {
        const { uuid } = zstack.endpoints.add({ type: "DingTalk", name: similar, url: WEBHOOK });
        zstack.persons.add({ endpointUuid: uuid, phoneNumber: phone(1), remark: "Ann" });
      }
      // Of robots no two may have one name.
      securitycenter.china.robots.add({ actionName: `${autoNameOf(name)}-2`, url: WEBHOOK });
      securitycenter.china.robots.add({ actionName: name, url: webhookOf(name) });
    }
    putChain(
      zstack,
      names.map((name) => autoNameOf(name)),
    );
    this.foreignChain = new Set(chainViews(zstack).keys());
    this.foreignUuids = new Set(zstack.endpoints.list().map(({ uuid }) => uuid));
    this.foreignRobots = new Set(securitycenter.china.robots.list().map(({ id }) => id));
    this.foreign = this.foreignRows();
  }

  private foreignUuids = new Set<string>();
  private foreignRobots = new Set<number>();
  private foreignChain = new Set<string>();

  private foreignRows(): string {
    const { zstack, securitycenter } = this.emulator;
    return JSON.stringify([
      zstack.endpoints.list().filter(({ uuid }) => this.foreignUuids.has(uuid)),
      zstack.persons.list().filter(({ endpointUuid }) => this.foreignUuids.has(endpointUuid)),
      zstack.tags.list().filter(({ resourceUuid }) => this.foreignUuids.has(resourceUuid)),
      [...chainViews(zstack)].filter(([id]) => this.foreignChain.has(id)),
      zstack.alarms.list(),
      zstack.eventSubscriptions.list(),
      securitycenter.china.robots.list().filter(({ id }) => this.foreignRobots.has(id)),
    ]);
  }

  /** A provider process that is connected to both clouds. */
  async startProvider(): Promise<ProviderProcess> {
    const provider = await startProviderProcess({
      env: {
        ...connectionOf(this.emulator),
        ...keysOf(this.emulator),
        NODE_OPTIONS: `--require ${JSON.stringify(FAST_CLOCK)}`,
      },
    });
    this.started.push(provider);
    await provider.configure({
      "securitycenter:site": "china",
      "securitycenter:endpoint": this.emulator.securitycenter.china.url,
    });
    return provider;
  }

  /** Ends a process as the engine does at the end of a run. */
  async endProvider(provider: ProviderProcess): Promise<void> {
    provider.signal("SIGINT");
    await provider.exited;
    await this.discard(provider);
  }

  async endProviders(): Promise<void> {
    await Promise.all(this.started.splice(0).map((provider) => provider.dispose()));
  }

  private async discard(provider: ProviderProcess): Promise<void> {
    this.started.splice(this.started.indexOf(provider), 1);
    await provider.dispose();
  }

  /** What is there beside the foreign objects, by id, in the words of a program. */
  private owned(): Map<string, object> {
    const { zstack, securitycenter } = this.emulator;
    const uuids = zstack.endpoints.list().map(({ uuid }) => uuid);
    const ids = securitycenter.china.robots.list().map(({ id }) => id);
    return new Map<string, object>([
      ...uuids
        .filter((uuid) => !this.foreignUuids.has(uuid))
        .map((uuid) => [uuid, endpointView(this.emulator, uuid)] as const),
      ...ids
        .filter((id) => !this.foreignRobots.has(id))
        .map((id) => [String(id), robotView(this.emulator, String(id))] as const),
      ...[...chainViews(zstack)].filter(([id]) => !this.foreignChain.has(id)),
    ]);
  }

  /** Ids of what is there beside the foreign objects. */
  ownedIds(): string[] {
    return [...this.owned().keys()].sort();
  }

  /** Fails when one declared resource has two objects, or something foreign was touched; true at every moment of every run. */
  assertNoTwins(): void {
    const names = [...this.owned()].map(
      ([id, view]) => `${kindOf(id, view)} ${(view as { name: string }).name}`,
    );
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
    expect(this.foreignRows()).toBe(this.foreign);
  }

  /** Fails unless the server holds exactly the declared objects, and the state agrees. */
  assertExactly(program: readonly Declaration[], state: { readonly recorded: readonly Known[] }): void {
    const owned = this.owned();
    const recorded = new Map(state.recorded.map((one) => [one.name, one]));
    const onServer = program.map(({ name }) => owned.get(recorded.get(name)?.id ?? ""));
    expect(onServer).toEqual(program.map(expectedView));
    expect([...owned.keys()].sort()).toEqual([...recorded.values()].map(({ id }) => id).sort());
    for (const one of recorded.values()) {
      expect(one.initErrors).toBeUndefined();
      expect(one.isPendingReplacement).toBeUndefined();
    }
    this.assertNoOrphans();
    expect(this.foreignRows()).toBe(this.foreign);
  }

  /** Persons and tags of endpoints and topics that are gone. */
  private assertNoOrphans(): void {
    const { zstack } = this.emulator;
    const uuids = new Set([...zstack.endpoints.list(), ...zstack.topics.list()].map(({ uuid }) => uuid));
    expect(zstack.persons.list().filter(({ endpointUuid }) => !uuids.has(endpointUuid))).toEqual([]);
    expect(
      zstack.tags.list().filter(({ kind, resourceUuid }) => kind === "User" && !uuids.has(resourceUuid)),
    ).toEqual([]);
  }
}

export function autoNameOf(name: string): string {
  return `${name}-${keyOf(name).slice(0, 7)}`;
}

/** A robot's id is a number; a topic has a locale, known or not. */
function kindOf(id: string, view: object): string {
  return id.length <= 20 ? "robot" : "locale" in view ? "topic" : "endpoint or link";
}

function expectedView(declaration: Declaration): object {
  const { name, token, args } = declaration;
  const chainView = expectedChainView(declaration, autoNameOf(name));
  if (chainView !== undefined) {
    return chainView;
  }
  const { webhookUrl, secret: signing, ...plain } = args;
  const shared = { name: autoNameOf(name), enabled: true, webhookUrl: clear(webhookUrl) };
  if (token === "zstack:DingTalkEndpoint") {
    return {
      ...shared,
      secret: clear(signing),
      description: undefined,
      atAll: false,
      atPersons: {},
      userTags: [],
      tagUuids: [],
      ...plain,
    };
  }
  const rules = args["alertRules"] as { type: string; conditions: object }[];
  return {
    ...shared,
    language: "zh",
    notificationInterval: 0,
    assetGroupIds: [],
    ...plain,
    alertRules: Object.fromEntries(rules.map(({ type, conditions }) => [type, conditions])),
  };
}

function clear(value: unknown): unknown {
  return value instanceof SecretValue ? value.secretValue : value;
}
