/**
 * What every stack's state requires by name. Published as `pulumi-dingtalk/runtime`, and kept for ever: states that were
 * written by older releases call `resource(token)`.
 *
 * Only Pulumi's dynamic provider process loads this module; programs load `pulumi-dingtalk`.
 */
import type { dynamic } from "@pulumi/pulumi";
import { systemClock } from "./core/clock";
import { InputError } from "./core/errors";
import type { HttpSettings } from "./core/transport/http";
import { IdMemory } from "./core/lifecycle/id-memory";
import { proxySecrets } from "./core/transport/proxy";
import { createRedactor } from "./core/redact";
import type { Connection } from "./core/lifecycle/definition";
import { secretSettings, type ConfigLookup } from "./core/settings/settings";
import { didYouMean } from "./core/suggest";
import { DynamicFront, type FrontHost } from "./pulumi/dynamic-front";
import { EngineLog } from "./pulumi/engine-log";
import { Lifeline } from "./pulumi/lifeline";
import * as securitycenter from "./securitycenter";
import { SecurityCenterConnection } from "./securitycenter/connection";
import {
  readSecurityCenterSettings,
  secretsOf as securityCenterSecrets,
} from "./securitycenter/settings/settings";
import * as zstack from "./zstack";
import { ZStackConnection } from "./zstack/connection";
import { readZStackSettings, secretsOf as zstackSecrets } from "./zstack/settings/settings";

/** A cloud: its resource classes, and how a connection to it is made from configuration. */
interface Cloud {
  readonly classes: object;
  connect(config: ConfigLookup): Connection;
  readonly ids: IdMemory;
}

const redactor = createRedactor();
const connections = new Map<string, Connection>();
/** What is to be said of connections when they are used for the first time. */
const advice = new Map<Connection, string>();

const clouds: readonly Cloud[] = [
  {
    classes: zstack,
    ids: new IdMemory(),
    connect: (config) => {
      addSecrets(secretSettings(config, "zstack"));
      const settings = readZStackSettings(config, process.env);
      addSecrets(zstackSecrets(settings));
      return shared(
        "ZStack",
        settings,
        () => new ZStackConnection(settings, systemClock, (value) => redactor.add(value)),
      );
    },
  },
  {
    classes: securitycenter,
    ids: new IdMemory(),
    connect: (config) => {
      addSecrets(secretSettings(config, "securitycenter"));
      const settings = readSecurityCenterSettings(config, process.env);
      addSecrets(securityCenterSecrets(settings));
      return shared(
        "Security Center",
        settings,
        () => new SecurityCenterConnection(settings, { onSecret: (value) => redactor.add(value) }),
      );
    },
  },
];

const isProviderProcess = /[\\/]dynamic-provider[\\/]?/.test(process.argv[1] ?? "");
const engineAddress = isProviderProcess ? process.argv.at(-1) : undefined;

const lifeline = new Lifeline(async () => {
  await Promise.allSettled([...connections.values()].map((connection) => connection.close()));
});
if (isProviderProcess) {
  lifeline.watch(engineAddress);
}
const engineLog = new EngineLog(engineAddress, (text) => redactor.redact(text));
/** What was said once in this process and need not be said again. */
const said = new Set<string>();
/** Lines that Pulumi's process prints of errors of ours, which the engine shows with the resource they belong to. */
const silenced = new Set<string>();
if (isProviderProcess) {
  const { error: print } = console;
  // eslint-disable-next-line no-console -- what Pulumi's process prints of our errors goes through here; nothing of ours does
  console.error = (...words: unknown[]) => {
    const [line] = words;
    if (words.length > 1 || typeof line !== "string" || !silenced.delete(line)) {
      print(...words);
    }
  };
}
const fronts = new Map<string, dynamic.ResourceProvider>();

/**
 * The lifecycle of one kind of resource, as Pulumi's dynamic provider process calls it.
 *
 * @param token the resource's permanent name, for example `zstack:DingTalkEndpoint`
 * @throws InputError when this release knows no such resource
 */
export function resource(token: string): dynamic.ResourceProvider {
  const known = fronts.get(token);
  if (known !== undefined) {
    return known;
  }
  const { definition, cloud } = find(token);
  const host: FrontHost = {
    clock: systemClock,
    run: (operation) => lifeline.run(operation),
    signal: lifeline.signal,
    log: (urn) => engineLog.forResource(urn),
    redact: (text) => redactor.redact(text),
    addSecrets,
    connect: (config) => cloud.connect(config),
    adviceOn: (connection) => advice.get(connection),
    ids: cloud.ids,
    isNews: (message) => !said.has(message) && said.add(message).size > 0,
    silence: (line) => silenced.add(line),
  };
  const front = new DynamicFront(definition, host);
  fronts.set(token, front);
  return front;
}

function addSecrets(values: readonly unknown[]): void {
  for (const value of values) {
    if (typeof value === "string") {
      redactor.add(value);
    }
  }
}

type AnyDefinition = ConstructorParameters<typeof DynamicFront>[0];

function find(token: string): { definition: AnyDefinition; cloud: Cloud } {
  const tokens: string[] = [];
  for (const cloud of clouds) {
    for (const exported of Object.values(cloud.classes) as { definition?: AnyDefinition }[]) {
      if (exported.definition?.token === token) {
        return { definition: exported.definition, cloud };
      }
      if (exported.definition !== undefined) {
        tokens.push(exported.definition.token);
      }
    }
  }
  throw new InputError(
    `This release of pulumi-dingtalk has no resource "${token}".${didYouMean(token, tokens)}`,
    { hint: "The stack was written by a newer release: update the package." },
  );
}

/** One connection for equal settings, so that sessions and read batches are shared by all resources of the process. */
function shared(
  service: string,
  settings: { readonly transport: HttpSettings },
  connect: () => Connection,
): Connection {
  const key = JSON.stringify([service, settings]);
  const known = connections.get(key);
  if (known !== undefined) {
    return known;
  }
  addSecrets(proxySecrets(settings.transport.proxy, process.env));
  const connection = connect();
  connections.set(key, connection);
  if (settings.transport.insecureSkipVerify === true) {
    advice.set(
      connection,
      `insecureSkipVerify is on: whoever answers in the place of ${service} gets the credentials. Give a caFile instead.`,
    );
  }
  return connection;
}
