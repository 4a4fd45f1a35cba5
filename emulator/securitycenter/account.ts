import type { Clock } from "../frame/clock";
import type { Random } from "../frame/random";
import { Table } from "../frame/table";
import { InputError, integer, type Members, object, partial, word } from "../frame/value";
import type { AccessKey } from "./entities";
import { ACCESS_KEY, accountId } from "./members";

/** The account and the key that the emulator starts with. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  /** AliUid of the account: digits, within 2^53. */
  readonly accountId: string;
}

/** Temporary credentials, as STS hands them out. */
export interface StsCredentials {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly securityToken: string;
  /** ISO 8601 on the emulator's clock. */
  readonly expiration: string;
}

/** What an STS session may be asked for. */
export interface StsRequest {
  /** An hour by default. */
  readonly durationSeconds?: number;
  /** Another account than the emulator's own. */
  readonly accountId?: string;
}

const DEFAULT_STS_SECONDS = 3600;
/** A year; STS itself gives 12 hours at most. */
const MAX_STS_SECONDS = 31_536_000;

/** The part of the credentials that can be changed while it runs. */
export type KeyChange = Partial<Pick<Credentials, "accessKeyId" | "accessKeySecret">>;

const KEY: Members<Required<KeyChange>> = {
  accessKeyId: word("Id of the access key."),
  accessKeySecret: word("Its secret."),
};
/** What may be said of a new key. */
export const KEY_CHANGE = partial("Changes the access key: the old one is refused from now on.", KEY);
/** What the start options may say of the account. */
export const CREDENTIALS: Members<Credentials> = { ...KEY, accountId: accountId("AliUid of the account.") };
/** What an STS session may be asked for. */
export const STS_REQUEST = object<StsRequest>("Opens an STS session that ends by the emulator's clock.", {
  durationSeconds: integer(
    "How long it lasts; an hour by default, 0 is over at once.",
    0,
    MAX_STS_SECONDS,
  ).optional(),
  accountId: accountId("Another account than the emulator's own.").optional(),
});

/** The access keys that both sites accept. */
export class Account {
  readonly accessKeys: Table<AccessKey>;
  private readonly first: Credentials;
  private shownCredentials: Credentials;
  private readonly clock: Clock;
  private readonly random: Random;

  constructor(clock: Clock, random: Random, credentials: Credentials) {
    this.clock = clock;
    this.random = random;
    this.first = credentials;
    this.shownCredentials = credentials;
    this.accessKeys = new Table<AccessKey>("access key", (key) => key.accessKeyId, ACCESS_KEY, {
      complete: (row) => ({
        accessKeyId: `LTAI${random.hex(20)}`,
        accessKeySecret: random.hex(30),
        accountId: credentials.accountId,
        status: "Active",
        securityToken: undefined,
        expiresMs: undefined,
        ...row,
      }),
    });
    this.reset();
  }

  /** What the emulator accepts now. */
  get credentials(): Credentials {
    return this.shownCredentials;
  }

  /** Back to the one key of the start. */
  reset(): void {
    this.accessKeys.clear();
    this.shownCredentials = this.first;
    const { accessKeyId, accessKeySecret } = this.first;
    this.accessKeys.add({ accessKeyId, accessKeySecret });
  }

  /** Puts another key in the place of the emulator's own; the old one is refused from now on. STS sessions go on. */
  changeKey(given: KeyChange): void {
    const changes = withoutUndefined(KEY_CHANGE.check(given, "The credentials"));
    const { accessKeyId: oldId } = this.shownCredentials;
    const changed = { ...this.shownCredentials, ...changes };
    const { accessKeyId, accessKeySecret, accountId } = changed;
    if (accessKeyId !== oldId && this.accessKeys.row(accessKeyId) !== undefined) {
      throw new InputError("accessKeyId: There is another key of this id already.");
    }
    this.accessKeys.remove(oldId);
    this.accessKeys.add({ accessKeyId, accessKeySecret, accountId });
    this.shownCredentials = changed;
  }

  /** Ends all STS sessions now: their tokens are expired. */
  endStsSessions(): void {
    for (const { accessKeyId, securityToken } of this.accessKeys.rows()) {
      if (securityToken !== undefined) {
        this.accessKeys.edit(accessKeyId, { expiresMs: this.clock.now() });
      }
    }
  }

  /** Opens an STS session; it ends by the emulator's clock. */
  issueStsToken(request: StsRequest = {}): StsCredentials {
    const { durationSeconds = DEFAULT_STS_SECONDS, accountId } = STS_REQUEST.check(
      request,
      "The STS session",
    );
    const expiresMs = this.clock.now() + durationSeconds * 1000;
    const securityToken = `CAIS${this.random.hex(60)}+/==`;
    const key = this.accessKeys.add({
      accessKeyId: `STS.${this.random.hex(24)}`,
      securityToken,
      expiresMs,
      ...(accountId === undefined ? {} : { accountId }),
    });
    return {
      accessKeyId: key.accessKeyId,
      accessKeySecret: key.accessKeySecret,
      securityToken,
      expiration: new Date(expiresMs).toISOString(),
    };
  }
}

function withoutUndefined<T extends object>(values: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as { [K in keyof T]: Exclude<T[K], undefined> };
}
