import { randomInt } from "node:crypto";
import {
  DINGTALK_OPTIONS,
  DingTalkSite,
  WEBHOOK_HOST,
  type DingTalkHandle,
  type DingTalkOptions,
} from "./dingtalk/site";
import { Clock } from "./frame/clock";
import { Control } from "./frame/control";
import { Journal } from "./frame/journal";
import { Listener, type ListenOptions } from "./frame/listener";
import { Outbound } from "./frame/outbound";
import { Random } from "./frame/random";
import type { Site, Surroundings } from "./frame/site";
import { integer, object, other, partial, word } from "./frame/value";
import { referenceOf, type EmulatorReference } from "./reference";
import {
  SECURITY_CENTER_OPTIONS,
  SecurityCenter,
  type SecurityCenterHandle,
  type SecurityCenterOptions,
} from "./securitycenter/cloud";
import { ZSTACK_OPTIONS, ZStackSite, type ZStackHandle, type ZStackOptions } from "./zstack/site";

/** How an emulator starts. Port, host and certificate are those of ZStack; host and certificate go for all. */
export interface EmulatorOptions extends ListenOptions {
  /** Credentials and switches of the ZStack management node. */
  readonly zstack?: ZStackOptions;
  /** Credentials of Alibaba Cloud, ports and switches of the two Security Center sites. */
  readonly securitycenter?: SecurityCenterOptions;
  /** Port, groups and switches of the DingTalk that receives messages. */
  readonly dingtalk?: DingTalkOptions;
  /** Seed of ids and shuffles, for repeatable runs; random by default. */
  readonly seed?: number;
  /** Where real time comes from, epoch milliseconds; the system's clock by default. */
  readonly realTime?: () => number;
}

/** What the start options may say. */
export const EMULATOR_OPTIONS = partial<Required<EmulatorOptions>>(
  "How an emulator starts.",
  {
    port: integer("Port of ZStack; 0, the default, takes a free one.", 0, 65535),
    host: word("Address to listen on; 127.0.0.1 by default."),
    tls: object(
      "With them every listener speaks HTTPS only.",
      { key: word("Key in PEM."), cert: word("Certificate in PEM.") },
      "member of tls",
    ),
    zstack: ZSTACK_OPTIONS,
    securitycenter: SECURITY_CENTER_OPTIONS,
    dingtalk: DINGTALK_OPTIONS,
    seed: integer(
      "Seed of ids and shuffles, for repeatable runs; random by default. Ids of robots begin at 1001 then, and at a random number without a seed.",
      0,
    ),
    realTime: other(
      "Where real time comes from, epoch milliseconds; the system's clock by default.",
      "function (in TypeScript only)",
      (value) => typeof value === "function",
    ),
  },
  "start option",
);

/** A running emulator. */
export interface Emulator {
  /** Value for ZSTACK_ENDPOINT, such as `http://127.0.0.1:43211`. */
  readonly url: string;
  readonly zstack: ZStackHandle;
  readonly securitycenter: SecurityCenterHandle;
  /** Where messages of both arrive. */
  readonly dingtalk: DingTalkHandle;
  readonly clock: Clock;
  readonly journal: Journal;
  /**
   * Everything is as at the start: objects, groups with their tokens, credentials, switches, faults, clock and journal.
   * Only ids go on: what was given to a robot or another object is never given again. Keeps listening.
   */
  reset(): void;
  /** Stops listening and ends all connections at once. */
  close(): Promise<void>;
}

/** Everything that can be said to an emulator, by the entries that it is checked by. */
export function emulatorReference(): EmulatorReference {
  const sitesOf = (seed: number): Site[] => {
    // Another clock, so that what comes from it is told from what is always the same.
    const clock = new Clock(() => seed);
    const surroundings: Surroundings = { clock, random: new Random(seed), outbound: new Outbound() };
    const { china, international } = new SecurityCenter(surroundings, {}, seed);
    return [new ZStackSite(surroundings), china, international, new DingTalkSite(surroundings)];
  };
  return referenceOf(EMULATOR_OPTIONS, sitesOf(1001), sitesOf(2002));
}

/**
 * Ids of robots stay in the state of stacks, which live longer than an emulator: the next one must not give them to others.
 * They are integers of 32 bits, so with a start anywhere in the lower half enough are left.
 */
function firstRobotId(seed: number | undefined): number {
  return seed === undefined ? randomInt(1001, 1_000_000_000) : 1001;
}

/** Starts an emulator on the loopback interface, on free ports unless others are given. */
export async function start(options: EmulatorOptions = {}): Promise<Emulator> {
  EMULATOR_OPTIONS.check(options, "The start options");
  const clock = new Clock(options.realTime);
  const journal = new Journal(clock);
  const random = new Random(options.seed ?? randomInt(2 ** 32));
  const surroundings: Surroundings = { clock, random, outbound: new Outbound() };
  const zstack = new ZStackSite(surroundings, options.zstack);
  const securityCenter = new SecurityCenter(
    surroundings,
    options.securitycenter ?? {},
    firstRobotId(options.seed),
  );
  const dingtalk = new DingTalkSite(surroundings, options.dingtalk);
  const { china, international } = securityCenter;
  const reset = (): void => {
    clock.reset();
    zstack.reset();
    securityCenter.reset();
    dingtalk.reset();
    journal.reset();
  };
  const sites = [zstack, china, international, dingtalk];
  const control = new Control({ sites, journal, clock, reset, reference: emulatorReference });

  const listeners = new Map<Site, Listener>();
  const closeAll = async (): Promise<void> => {
    zstack.close();
    await Promise.all([...listeners.values()].map((listener) => listener.close()));
  };
  /** A listener per site; the control address answers on all of them. */
  const listen = async (site: Site, port: number | undefined): Promise<string> => {
    const listener = await Listener.open(
      { ...options, port },
      {
        sites: [site],
        journal,
        control: (request) => control.handle(request, (asked) => listeners.get(asked)?.url ?? ""),
      },
    );
    listeners.set(site, listener);
    return listener.url;
  };
  try {
    const url = await listen(zstack, options.port);
    const urls = {
      china: await listen(china, options.securitycenter?.china?.port),
      international: await listen(international, options.securitycenter?.international?.port),
    };
    const dingtalkUrl = await listen(dingtalk, options.dingtalk?.port);
    surroundings.outbound.own(dingtalkUrl, options.tls?.cert);
    if (dingtalk.receivesForDingTalk) {
      surroundings.outbound.standIn(WEBHOOK_HOST, dingtalkUrl);
    }
    return {
      url,
      zstack: zstack.handleFor(url),
      securitycenter: securityCenter.handleFor(urls),
      dingtalk: dingtalk.handleFor(dingtalkUrl),
      clock,
      journal,
      reset,
      close: closeAll,
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}
