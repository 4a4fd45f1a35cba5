/**
 * Stacks as a release left them, with what the servers held: `test/trust/fixtures/<version>/<name>.json`. Addresses of servers are
 * placeholders in them, because the ports of emulators differ. Their secrets are the emulator's own, under the harness's passphrase.
 */
import * as fs from "node:fs";
import * as path from "node:path";
import type { Emulator } from "../../../emulator";
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
  servers: {
    endpoints: object[];
    persons: object[];
    tagPatterns: object[];
    tags: object[];
    robots: object[];
  };
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
  for (const [placeholder, address] of placeholders(emulator)) text = text.replaceAll(placeholder, address);
  const stored = JSON.parse(text) as StoredStack;
  const { zstack, securitycenter } = emulator;
  // Robots that are gone had ids, which no service gives again.
  securitycenter.china.robots.remove(String(securitycenter.china.robots.add({ id: LAST_GIVEN_ROBOT_ID }).id));
  for (const row of stored.servers.endpoints) zstack.endpoints.add(row);
  for (const row of stored.servers.persons) zstack.persons.add(row);
  for (const row of stored.servers.tagPatterns) zstack.tagPatterns.add(row);
  for (const row of stored.servers.tags) zstack.tags.add(row);
  for (const row of stored.servers.robots) securitycenter.china.robots.add(row);
  return stored;
}

/**
 * Stores a stack of this release, without anything that tells of the machine it was made on. Refuses when there is one: what was
 * released stays as it is. Before a release, remove the folder of its version first.
 */
export function store(name: string, program: string, deployment: Deployment, emulator: Emulator): void {
  const { zstack, securitycenter } = emulator;
  const stored: StoredStack = {
    program,
    deployment: anonymous(deployment),
    servers: {
      endpoints: zstack.endpoints.list(),
      persons: zstack.persons.list(),
      tagPatterns: zstack.tagPatterns.list(),
      tags: zstack.tags.list(),
      robots: securitycenter.china.robots.list(),
    },
  };
  let text = `${JSON.stringify(stored, undefined, 2)}\n`;
  for (const [placeholder, address] of placeholders(emulator)) text = text.replaceAll(address, placeholder);
  const file = fileOf(VERSION, name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, text, { flag: "wx" });
}

/** The resources of a stored stack, without the stack itself and without provider resources. */
export function resourcesOf({ deployment }: StoredStack): StateResource[] {
  return (deployment.deployment.resources ?? []).filter(({ type }) => !type.startsWith("pulumi:"));
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
