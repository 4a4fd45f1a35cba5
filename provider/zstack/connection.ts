import { systemClock, type Clock } from "../core/clock";
import type { Connection } from "../core/lifecycle/definition";
import type { Purpose } from "../core/lifecycle/object-lifecycle";
import type { Tenancy } from "../core/lifecycle/tenancy";
import { createHttpClient, type HttpClient } from "../core/transport/http";
import { logInByAccount, logOut } from "./api";
import type { Lookup } from "./api/query";
import { BatchedReads } from "./connection/batched-reads";
import { requireVersion } from "./connection/required-version";
import { ServerClock, type WallClock } from "./connection/server-clock";
import { freshUuid } from "./fields/uuids";
import type { ZStackSettings } from "./settings/settings";
import { ZStackClient, type ZStackClientOptions } from "./transport/client";
import { AccessKeyAuthenticator, SessionAuthenticator, type Authenticator } from "./transport/session";

/** A way to one ZStack installation: the authenticated client, and reads that are batched. */
export class ZStackConnection implements Connection {
  readonly client: ZStackClient;
  private readonly http: HttpClient;
  private readonly options: ZStackClientOptions;
  private readonly anonymous: ZStackClient;
  private readonly authenticator: Authenticator;
  private readonly reads: BatchedReads;
  private preflight: Promise<void> | undefined;

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
      onChange: () => {
        this.reads.markChange("object");
      },
    };
    this.anonymous = new ZStackClient(this.options, noAuthentication);
    this.authenticator = this.createAuthenticator();
    this.client = new ZStackClient(this.options, this.authenticator);
    this.reads = new BatchedReads(this.client, clock);
  }

  /** The object with this uuid. Shares one query with the other reads in flight. */
  async find<Live>(lookup: Lookup<Live>, uuid: string, signal?: AbortSignal): Promise<Live | undefined> {
    return (await this.findAll(lookup, uuid, signal))[0];
  }

  /** All objects with this key. Shares one query with the other reads in flight. */
  findAll<Live>(lookup: Lookup<Live>, key: string, signal?: AbortSignal): Promise<Live[]> {
    return this.reads.findAll(lookup, key, signal);
  }

  /** All objects with this key, as young as the purpose needs: see {@link Purpose}. That there is none is always of now. */
  findAllFor<Live>(
    purpose: Purpose,
    lookup: Lookup<Live>,
    key: string,
    signal?: AbortSignal,
  ): Promise<Live[]> {
    return purpose === "change"
      ? this.findAll(lookup, key, signal)
      : this.reads.findAllLately(
          lookup,
          key,
          purpose === "read" ? "the last change" : "ever",
          "asked for",
          signal,
        );
  }

  /** All objects with this key some seconds ago, whatever this process has changed since: for what may be out of date without harm. */
  findAllOnce<Live>(lookup: Lookup<Live>, key: string, signal?: AbortSignal): Promise<Live[]> {
    return this.reads.findAllLately(lookup, key, "ever", "believed", signal);
  }

  /** The links of an object, as they were some seconds ago, or when this process last changed a link. */
  findLinks<Live>(lookup: Lookup<Live>, key: string, signal?: AbortSignal): Promise<Live[]> {
    return this.reads.findAllLately(lookup, key, "the last change of a link", "believed", signal);
  }

  /** Notes that this process has made or removed a link. */
  markLinkChange(): void {
    this.reads.markChange("link");
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
    this.preflight ??= requireVersion(this.anonymous, this.settings.endpoint).catch((error: unknown) => {
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
    const { credentials, timezone } = this.settings;
    if (credentials.kind === "accessKey") {
      const signingBy = (wallClock: () => Promise<WallClock>): Authenticator =>
        new AccessKeyAuthenticator(credentials.id, credentials.secret, this.clock, wallClock);
      const serverClock = new ServerClock({
        clock: this.clock,
        anonymous: this.anonymous,
        timezone,
        signingWith: (wallClock) =>
          new ZStackClient(
            this.options,
            signingBy(() => Promise.resolve(wallClock)),
          ),
      });
      return signingBy(() => serverClock.get());
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
}

const noAuthentication: Authenticator = {
  headers: () => Promise.resolve({}),
  renew: () => Promise.resolve(false),
  account: () => Promise.resolve(undefined),
  close: () => Promise.resolve(),
};
