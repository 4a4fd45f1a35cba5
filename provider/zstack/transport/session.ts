import { createHash } from "node:crypto";
import type { Clock } from "../../core/clock";
import { NetworkError } from "../../core/errors";
import { accessKeyAuthorization } from "./access-key";
import { formatDateHeader } from "./server-time";

/** What a login gives. */
export interface Session {
  readonly uuid: string;
  readonly accountUuid: string | undefined;
}

/** How requests prove who sends them. */
export interface Authenticator {
  /** The headers of one request. `path` is percent-decoded and starts with `/v1`. */
  headers(method: string, path: string): Promise<Record<string, string>>;
  /** Called with the headers of a request that was refused as unauthenticated; true when repeating it makes sense. */
  renew(refused: Readonly<Record<string, string>>): Promise<boolean>;
  /** The account behind the credentials, where it can be known. */
  account(): Promise<string | undefined>;
  /** Gives back what was taken: logs out. */
  close(): Promise<void>;
}

/** The calls a session needs; they carry no authentication themselves. */
export interface SessionCalls {
  logIn(accountName: string, passwordSha512: string): Promise<Session>;
  logOut(sessionUuid: string): Promise<void>;
}

/**
 * Logs in when the first request needs it, shares the session among all requests, and logs in again when the server no
 * longer accepts it: once, however many requests are refused at the same time.
 */
export class SessionAuthenticator implements Authenticator {
  private current: Promise<Session> | undefined;
  private isClosed = false;

  constructor(
    private readonly accountName: string,
    private readonly password: string,
    private readonly calls: SessionCalls,
  ) {}

  async headers(): Promise<Record<string, string>> {
    return { authorization: `OAuth ${(await this.session()).uuid}` };
  }

  async renew(refused: Readonly<Record<string, string>>): Promise<boolean> {
    const stale = this.current;
    const session = await stale?.catch(() => undefined);
    if (this.current === stale && refused["authorization"] === `OAuth ${session?.uuid}`) {
      this.current = undefined;
    }
    await this.session();
    return true;
  }

  async account(): Promise<string | undefined> {
    return (await this.session()).accountUuid;
  }

  async close(): Promise<void> {
    // From here on nobody logs in again: that session would stay on the server.
    this.isClosed = true;
    const session = await this.current?.catch(() => undefined);
    this.current = undefined;
    if (session !== undefined) {
      await this.calls.logOut(session.uuid);
    }
  }

  private session(): Promise<Session> {
    if (this.isClosed) {
      return Promise.reject(
        new NetworkError("The connection to ZStack is closed.", { outcome: "not-executed", code: "ABORTED" }),
      );
    }
    if (this.current === undefined) {
      const login = this.calls.logIn(this.accountName, sha512Hex(this.password));
      this.current = login;
      // A refusal is kept and shared for the life of the process: repeating it could lock the account. A login that got no
      // answer may be tried again.
      login.catch((error: unknown) => {
        if (this.current === login && error instanceof NetworkError) {
          this.current = undefined;
        }
      });
    }
    return this.current;
  }
}

/** Signs every request. There is no session, so nothing expires and nothing is given back. */
export class AccessKeyAuthenticator implements Authenticator {
  constructor(
    private readonly id: string,
    private readonly secret: string,
    private readonly clock: Clock,
    /** How far the management node's wall clock is ahead of our epoch time. */
    private readonly serverClock: () => Promise<{ readonly aheadMs: number; readonly offsetMinutes: number }>,
  ) {}

  async headers(method: string, path: string): Promise<Record<string, string>> {
    const { aheadMs, offsetMinutes } = await this.serverClock();
    const date = formatDateHeader(this.clock.now() + aheadMs, offsetMinutes);
    return { date, authorization: accessKeyAuthorization(this.id, this.secret, { method, date, path }) };
  }

  renew(): Promise<boolean> {
    return Promise.resolve(false);
  }

  account(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** The server stores and compares the SHA-512 of a password, in lower-case hex; the client computes it (fact sheet 2.1). */
export function sha512Hex(password: string): string {
  return createHash("sha512").update(password, "utf8").digest("hex");
}
