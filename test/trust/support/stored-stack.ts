/**
 * Stacks as a release left them, with what the servers held: `test/trust/fixtures/<version>/<name>.json`. Addresses of servers are
 * placeholders in them, because the ports of emulators differ. Their secrets are the emulator's own, under the harness's passphrase.
 */
import * as fs from "node:fs";
import * as path from "node:path";
import type { Emulator, Table } from "../../../emulator";
import type { Deployment, StateResource } from "../../engine/harness";
import { ROOT } from "../../engine/layout";

const FIXTURES = path.join(ROOT, "test", "trust", "fixtures");
/** The release that this checkout is, or becomes. */
export const VERSION = (
  JSON.parse(fs.readFileSync(path.join(ROOT, "package.json"), "utf8")) as { version: string }
).version;

/** Stands for the times at which a stack was written. */
const MOMENT = "2026-01-02T03:04:05Z";
/** Above all ids of robots in stored stacks. */
const LAST_GIVEN_ROBOT_ID = 9_999;

export interface StoredStack {
  /** The text of the program that the stack was last run with. */
  program: string;
  deployment: Deployment;
  /** What the servers held, by table; built-in rows included. */
  servers: Record<string, object[]>;
}

const placeholders = (emulator: Emulator): [placeholder: string, address: string][] => [
  ["http://zstack.example:1", emulator.url],
  ["http://securitycenter.example:2", emulator.securitycenter.china.url],
];

const fileOf = (version: string, name: string): string => path.join(FIXTURES, version, `${name}.json`);

/** The releases whose stacks are kept. */
export function storedVersions(): string[] {
  return fs.existsSync(FIXTURES) ? fs.readdirSync(FIXTURES).sort() : [];
}

/** A stored stack with the addresses of an emulator, which is filled with what the servers held. */
export function restore(version: string, name: string, emulator: Emulator): StoredStack {
  let text = fs.readFileSync(fileOf(version, name), "utf8");
  for (const [placeholder, address] of placeholders(emulator)) {
    text = text.replaceAll(placeholder, address);
  }
  const stored = JSON.parse(text) as StoredStack;
  // Robots that are gone had ids, which no service gives again.
  const { robots } = emulator.securitycenter.china;
  robots.remove(String(robots.add({ id: LAST_GIVEN_ROBOT_ID }).id));
  const tables = tablesOf(emulator);
  for (const [name, rows] of Object.entries(stored.servers)) {
    tables[name]?.clear();
    for (const row of rows) {
      tables[name]?.add(row);
    }
  }
  return stored;
}

/**
 * Stores a stack of this release, without anything that tells of the machine it was made on. Refuses when there is one: what was
 * released stays as it is. Before a release, remove the folder of its version first.
 */
export function store(name: string, program: string, deployment: Deployment, emulator: Emulator): void {
  const servers = Object.entries(tablesOf(emulator)).map(([table, { list }]) => [table, list()] as const);
  const stored: StoredStack = {
    program,
    deployment: anonymous(deployment),
    servers: Object.fromEntries(servers),
  };
  let text = `${JSON.stringify(stored, undefined, 2)}\n`;
  for (const [placeholder, address] of placeholders(emulator)) {
    text = text.replaceAll(address, placeholder);
  }
  const file = fileOf(VERSION, name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, text, { flag: "wx" });
}

/** Parents before what hangs on them. */
function tablesOf({ zstack, securitycenter }: Emulator) {
  const { endpoints, persons, topics, subscriptions, tagPatterns, tags } = zstack;
  const { alarms, alarmActions, eventSubscriptions, eventSubscriptionActions } = zstack;
  const { robots } = securitycenter.china;
  const tables = {
    ...{ endpoints, persons, topics, subscriptions, tagPatterns, tags },
    ...{ alarms, alarmActions, eventSubscriptions, eventSubscriptionActions, robots },
  };
  const asPlain = Object.entries(tables).map(([name, table]) => {
    const { list, add, clear } = table as Table<object>;
    return [name, { list: list.bind(table), add: add.bind(table), clear: clear.bind(table) }] as const;
  });
  return Object.fromEntries(asPlain);
}

/** The resources of a stored stack, without the stack itself and without provider resources and components. */
export function resourcesOf({ deployment }: StoredStack): StateResource[] {
  return (deployment.deployment.resources ?? []).filter(
    ({ type, custom }) => custom && !type.startsWith("pulumi:"),
  );
}

/** The Pulumi name of a resource. */
export function nameOf({ urn }: StateResource): string {
  return urn.split("::").at(-1) ?? "";
}

const OF_THE_MACHINE = new Set(["sourcePosition", "stackTrace"]);
const TIMES = new Set(["time", "created", "modified"]);

function anonymous(deployment: Deployment): Deployment {
  return JSON.parse(
    JSON.stringify(deployment, (key, value: unknown) =>
      OF_THE_MACHINE.has(key) ? undefined : TIMES.has(key) ? MOMENT : value,
    ),
  ) as Deployment;
}
