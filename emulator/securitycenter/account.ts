import type { Clock } from "../frame/clock";
import type { Random } from "../frame/random";
import { Table } from "../frame/table";
import type { AccessKey } from "./entities";

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
const SAFE_ACCOUNT_ID = /^[1-9]\d{0,15}$/;

/** The access keys that both sites accept. */
export class Account {
  readonly credentials: Credentials;
  readonly accessKeys: Table<AccessKey>;
  readonly #clock: Clock;
  readonly #random: Random;

  constructor(clock: Clock, random: Random, credentials: Credentials) {
    if (
      !SAFE_ACCOUNT_ID.test(credentials.accountId) ||
      !Number.isSafeInteger(Number(credentials.accountId))
    ) {
      throw new RangeError("accountId must be digits, at most 16 and within 2^53");
    }
    this.#clock = clock;
    this.#random = random;
    this.credentials = credentials;
    this.accessKeys = new Table<AccessKey>((key) => key.accessKeyId, {
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

  /** Back to the one key of the start. */
  reset(): void {
    this.accessKeys.clear();
    const { accessKeyId, accessKeySecret } = this.credentials;
    this.accessKeys.add({ accessKeyId, accessKeySecret });
  }

  /** Opens an STS session; it ends by the emulator's clock. */
  issueStsToken({ durationSeconds = DEFAULT_STS_SECONDS, accountId }: StsRequest = {}): StsCredentials {
    const expiresMs = this.#clock.now() + durationSeconds * 1000;
    const securityToken = `CAIS${this.#random.hex(60)}+/==`;
    const key = this.accessKeys.add({
      accessKeyId: `STS.${this.#random.hex(24)}`,
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
