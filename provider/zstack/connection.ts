import DataLoader from "dataloader";
import { systemClock, type Clock } from "../core/clock";
import { ConfigError, isApiFailure, NetworkError } from "../core/errors";
import { createHttpClient, type HttpClient } from "../core/transport/http";
import type { Tenancy } from "../core/lifecycle/tenancy";
import type { Connection } from "../core/lifecycle/definition";
import { untilAborted } from "../core/until-aborted";
import { dingTalkEndpointsByUuid, getCurrentTime, getVersion, logInByAccount, logOut } from "./api";
import type { Lookup } from "./api/query";
import { ZStackClient, type ZStackClientOptions } from "./transport/client";
import { Code, TextCode } from "./transport/failures";
import { offsetMinutesAt } from "./transport/server-time";
import { AccessKeyAuthenticator, SessionAuthenticator, type Authenticator } from "./transport/session";
import type { ZStackSettings } from "./settings/settings";
import { freshUuid, isUuidLike } from "./fields/uuids";

/** DingTalk endpoints can be updated, and have a signing secret, from this version on (fact sheet 0.1). */
const MIN_VERSION = [5, 0, 0] as const;
/** Reads that arrive within this time share one query. */
const BATCH_WINDOW_MS = 10;
/** Where the zone is not configured, these are tried first; installations in China are by far the most frequent. */
const LIKELY_ZONES: readonly string[] = ["Asia/Shanghai", "UTC"];
/** A well-formed uuid that nothing has. */
const NO_UUID = "00000000000010008000000000000000";

/** A way to one ZStack installation: the authenticated client, and reads that are batched. */
export class ZStackConnection implements Connection {
  readonly client: ZStackClient;
  private readonly http: HttpClient;
  private readonly options: ZStackClientOptions;
  private readonly anonymous: ZStackClient;
  private readonly authenticator: Authenticator;
  private readonly loaders = new Map<Lookup<never>, DataLoader<string, unknown[]>>();
  private preflight: Promise<void> | undefined;
  private zoneOffset: Promise<number> | undefined;
  private aheadMs = 0;

  constructor(
    private readonly settings: ZStackSettings,
    private readonly clock: Clock = systemClock,
    /** Told what a login sends and gives, so that it can be kept out of what people see. */
    private readonly onSecret: (value: string) => void = () => undefined,
  ) {
    this.http = createHttpClient(settings.transport);
    this.options = {
      endpoint: settings.endpoint,
      http: this.http,
      clock,
      jobTimeoutMs: settings.jobTimeoutMs,
      newUuid: freshUuid,
    };
    this.anonymous = new ZStackClient(this.options, noAuthentication);
    this.authenticator = this.createAuthenticator();
    this.client = new ZStackClient(this.options, this.authenticator);
  }

  /** The object with this uuid. Shares one query with the other reads in flight. */
  async find<Live>(lookup: Lookup<Live>, uuid: string, signal?: AbortSignal): Promise<Live | undefined> {
    return (await this.findAll(lookup, uuid, signal))[0];
  }

  /** All objects with this key. Shares one query with the other reads in flight. */
  async findAll<Live>(lookup: Lookup<Live>, key: string, signal?: AbortSignal): Promise<Live[]> {
    // Anything else would be read as part of the condition, and spoil the reads that share the query.
    const isKey = key.split("/").every(isUuidLike);
    return isKey ? untilAborted(this.loaderOf(lookup).load(key), signal) : [];
  }

  async tenancy(): Promise<Tenancy> {
    const account = await this.authenticator.account();
    return { site: this.settings.endpoint, ...(account === undefined ? {} : { account }) };
  }

  verifySettings(): void {
    this.http.verifySettings(this.settings.endpoint);
  }

  /** Makes sure, once, that there is a ZStack that is new enough. */
  ready(): Promise<void> {
    this.preflight ??= this.checkServer().catch((error: unknown) => {
      this.preflight = undefined;
      throw error;
    });
    return this.preflight;
  }

  /** Logs out and closes the sockets. */
  async close(): Promise<void> {
    try {
      await this.authenticator.close();
    } finally {
      this.http.close();
    }
  }

  private createAuthenticator(): Authenticator {
    const { credentials } = this.settings;
    if (credentials.kind === "accessKey") {
      return new AccessKeyAuthenticator(credentials.id, credentials.secret, this.clock, async () => {
        // Measuring the offset measures how far ahead the clock is, too.
        const offsetMinutes = await this.offsetMinutes();
        return { aheadMs: this.aheadMs, offsetMinutes };
      });
    }
    return new SessionAuthenticator(credentials.name, credentials.password, {
      logIn: async (accountName, passwordSha512) => {
        this.onSecret(passwordSha512);
        const session = await logInByAccount(this.anonymous, accountName, passwordSha512);
        this.onSecret(session.uuid);
        return session;
      },
      logOut: (sessionUuid) => logOut(this.anonymous, sessionUuid),
    });
  }

  private async checkServer(): Promise<void> {
    const version = await this.serverVersion();
    if (isOlderThanMinimum(version)) {
      throw new ConfigError(`This package needs ZStack ${MIN_VERSION.join(".")} or later.`, {
        facts: { Endpoint: this.settings.endpoint, Version: version },
        hint: "Upgrade the management node: older versions can neither update a DingTalk endpoint nor keep its signing secret.",
      });
    }
  }

  /** The version; empty where the server does not say. */
  private async serverVersion(): Promise<string> {
    try {
      return await getVersion(this.anonymous);
    } catch (error) {
      if (isApiFailure(error, TextCode.NO_SUCH_API)) {
        return "";
      }
      throw error;
    }
  }

  /** The zone of the management node, as minutes ahead of UTC. Measured once where it is not configured. */
  private offsetMinutes(): Promise<number> {
    this.zoneOffset ??= this.findOffset().catch((error: unknown) => {
      this.zoneOffset = undefined;
      throw error;
    });
    return this.zoneOffset;
  }

  private async findOffset(): Promise<number> {
    this.aheadMs = (await this.serverNow()) - this.clock.now();
    const { timezone } = this.settings;
    return timezone === undefined
      ? this.measureOffset()
      : offsetMinutesAt(timezone, this.clock.now() + this.aheadMs);
  }

  /**
   * Finds the zone by signing a harmless query with one after the other. The server says its time as an instant only, and refuses
   * a date of another zone without saying which one it wants.
   */
  private async measureOffset(): Promise<number> {
    const { credentials } = this.settings;
    if (credentials.kind !== "accessKey") {
      return 0;
    }
    let refusal: unknown;
    for (const offsetMinutes of candidateOffsets(this.clock.now() + this.aheadMs)) {
      const serverClock = { aheadMs: this.aheadMs, offsetMinutes };
      const probe = new ZStackClient(
        this.options,
        new AccessKeyAuthenticator(credentials.id, credentials.secret, this.clock, () =>
          Promise.resolve(serverClock),
        ),
      );
      try {
        await dingTalkEndpointsByUuid.query(probe, [NO_UUID]);
        return offsetMinutes;
      } catch (error) {
        if (isApiFailure(error, Code.PERMISSION_DENIED)) {
          return offsetMinutes;
        }
        if (!isApiFailure(error, TextCode.KEY_SKEW)) {
          throw error;
        }
        refusal = error;
      }
    }
    throw refusal;
  }

  /** The management node's epoch time; our own where it cannot be told. */
  private async serverNow(): Promise<number> {
    try {
      return await getCurrentTime(this.anonymous);
    } catch (error) {
      if (error instanceof NetworkError) {
        throw error;
      }
      return this.clock.now();
    }
  }

  private loaderOf<Live>(lookup: Lookup<Live>): DataLoader<string, Live[]> {
    const known = this.loaders.get(lookup as Lookup<never>);
    if (known !== undefined) {
      return known as DataLoader<string, Live[]>;
    }
    const loader = new DataLoader<string, Live[]>(
      async (keys) => {
        const found = await lookup.query(this.client, keys);
        return keys.map((key) => found.filter((live) => lookup.keyOf(live) === key));
      },
      {
        cache: false,
        maxBatchSize: lookup.maxKeys,
        batchScheduleFn: (dispatch) => void this.clock.sleep(BATCH_WINDOW_MS).then(dispatch),
      },
    );
    this.loaders.set(lookup as Lookup<never>, loader);
    return loader;
  }
}

/** Every offset from UTC that is in use at an instant, likely ones first: fewer than forty. */
function* candidateOffsets(epochMs: number): Generator<number> {
  const tried = new Set<number>();
  const ownZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  for (const zone of [ownZone, ...LIKELY_ZONES, ...Intl.supportedValuesOf("timeZone")]) {
    const offsetMinutes = offsetMinutesAt(zone, epochMs);
    if (!tried.has(offsetMinutes)) {
      tried.add(offsetMinutes);
      yield offsetMinutes;
    }
  }
}

function isOlderThanMinimum(version: string): boolean {
  const parts = version.split(".").map((part) => Number.parseInt(part, 10));
  if (parts.some(Number.isNaN)) {
    // A version we cannot read is no reason to refuse: the calls themselves will tell.
    return false;
  }
  for (const [index, minimum] of MIN_VERSION.entries()) {
    const part = parts[index] ?? 0;
    if (part !== minimum) {
      return part < minimum;
    }
  }
  return false;
}

const noAuthentication: Authenticator = {
  headers: () => Promise.resolve({}),
  renew: () => Promise.resolve(false),
  account: () => Promise.resolve(undefined),
  close: () => Promise.resolve(),
};
