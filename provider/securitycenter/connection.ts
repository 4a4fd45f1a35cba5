import { createHash, randomBytes } from "node:crypto";
import { systemClock, type Clock } from "../core/clock";
import { NetworkError } from "../core/errors";
import { createHttpClient, type HttpClient } from "../core/http";
import type { Place } from "../core/place";
import type { Connection } from "../core/resource";
import { SharedRead } from "../core/shared-read";
import { describeDataSource, type RobotRow } from "./api";
import { DEFAULT_TYPE_PREFIX, kindOfType } from "./alert-types";
import { SecurityCenterClient } from "./client";
import { createCredentials, type Credentials } from "./credentials";
import { SecurityCenterFailure } from "./failures";
import { Pace } from "./pace";
import { scanRobots, type RobotScan } from "./robot-list";
import type { SecurityCenterSettings } from "./settings";

/** Other operations of this product allow ten calls a second; half of that is kept to (sheet 8.3). */
const REQUEST_INTERVAL_MS = 200;
const PRINCIPAL_HEX_DIGITS = 16;

/** A way to one site of Security Center: the signing client, and lists that are shared. */
export class SecurityCenterConnection implements Connection {
  readonly client: SecurityCenterClient;
  private readonly http: HttpClient;
  private readonly credentials: Credentials;
  private readonly list: SharedRead<RobotScan>;
  private readonly turns = new Map<string, Promise<unknown>>();
  private account: string | undefined;
  private knownTypes: Promise<readonly string[]> | undefined;

  constructor(
    private readonly settings: SecurityCenterSettings,
    private readonly clock: Clock = systemClock,
  ) {
    this.http = createHttpClient(settings.transport);
    this.credentials = createCredentials(settings.credentials);
    this.client = new SecurityCenterClient({
      endpoint: settings.endpoint,
      http: this.http,
      credentials: this.credentials,
      clock,
      pace: new Pace(this.clock, REQUEST_INTERVAL_MS),
      newNonce: () => randomBytes(16).toString("hex"),
    });
    this.list = new SharedRead(() => this.scan());
  }

  /** A moment, to ask for a list that began after it. */
  now(): number {
    return this.list.now();
  }

  /** All robots. Reads in flight at the same time share the pages; give the moment of your own change to see it. */
  robots(after?: number): Promise<RobotScan> {
    return this.list.get(after);
  }

  /**
   * The robot with this id, `undefined` only when two clean scans agree that there is none.
   *
   * @throws NetworkError when the list never held still long enough to tell
   */
  async getRobot(id: string, after?: number): Promise<RobotRow | undefined> {
    const first = await this.robots(after);
    const row = findById(first, id);
    if (row !== undefined) {
      return row;
    }
    const second = await this.robots(this.now());
    const again = findById(second, id);
    if (again === undefined && !(first.isClean && second.isClean)) {
      throw new NetworkError(
        `The list of robots changed while it was read, so whether robot ${id} is gone cannot be told.`,
        { outcome: "unknown", hint: "Run the command again when nobody else changes robots." },
      );
    }
    return again;
  }

  /** Runs creates of one name one after another: their ids could not be told apart. */
  async inTurn<T>(name: string, work: () => Promise<T>): Promise<T> {
    const previous = this.turns.get(name);
    const mine = Promise.allSettled([previous]).then(work);
    this.turns.set(name, mine);
    try {
      return await mine;
    } finally {
      if (this.turns.get(name) === mine) {
        this.turns.delete(name);
      }
    }
  }

  /** What this site puts before `sas-event-<kind>` in its type strings. */
  async typeFor(kind: string): Promise<string> {
    this.knownTypes ??= this.loadTypes();
    const types = await this.knownTypes;
    const exact = types.find((type) => kindOfType(type) === kind);
    if (exact !== undefined) {
      return exact;
    }
    const prefix = types
      .map((type) => type.split("sas-event-", 1)[0])
      .find((one) => one !== undefined && one !== "");
    return `${prefix ?? DEFAULT_TYPE_PREFIX}sas-event-${kind}`;
  }

  ready(): Promise<void> {
    return Promise.resolve();
  }

  /** The account is known once a robot was seen; until then a fingerprint of permanent keys stands for it. */
  async place(): Promise<Place> {
    const { credentials, site } = this.settings;
    const keys =
      credentials.kind === "keys" && credentials.keys.securityToken === undefined
        ? credentials.keys
        : undefined;
    return {
      site,
      ...(this.account === undefined ? {} : { account: this.account }),
      ...(keys === undefined ? {} : { principal: fingerprint(keys.accessKeyId) }),
    };
  }

  close(): Promise<void> {
    this.http.close();
    return Promise.resolve();
  }

  private async scan(): Promise<RobotScan> {
    const scan = await scanRobots(this.client);
    this.account = scan.rows.find((row) => row.AliUid != null)?.AliUid ?? this.account;
    return scan;
  }

  /** Without the right to ask, or an answer, the documented strings are used. */
  private async loadTypes(): Promise<readonly string[]> {
    try {
      return await describeDataSource(this.client);
    } catch (error) {
      if (error instanceof SecurityCenterFailure) {
        return [];
      }
      this.knownTypes = undefined;
      throw error;
    }
  }
}

function findById(scan: RobotScan, id: string): RobotRow | undefined {
  return scan.rows.find((row) => row.Id === id);
}

/** Tells keys apart without showing them. */
function fingerprint(accessKeyId: string): string {
  return createHash("sha256").update(accessKeyId).digest("hex").slice(0, PRINCIPAL_HEX_DIGITS);
}
