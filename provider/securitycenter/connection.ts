import { createHash, randomBytes } from "node:crypto";
import { systemClock, type Clock } from "../core/clock";
import { NetworkError } from "../core/errors";
import { createHttpClient, type HttpClient } from "../core/transport/http";
import type { Purpose } from "../core/lifecycle/object-lifecycle";
import type { Tenancy } from "../core/lifecycle/tenancy";
import type { Connection } from "../core/lifecycle/definition";
import { Moments, SharedRead } from "../core/transport/shared-read";
import { untilAborted } from "../core/until-aborted";
import { describeDataSource, type RobotRow } from "./api/actions";
import { fullType, kindOfType } from "./fields/alert-types";
import { SecurityCenterClient, type CallScope } from "./transport/client";
import { createCredentials, type Credentials } from "./credentials/credentials";
import { SecurityCenterFailure } from "./transport/failures";
import { Pace } from "./transport/pace";
import { RobotList, type RobotScan } from "./lifecycle/robot-list";
import { RobotMemory } from "./lifecycle/robot-memory";
import type { SecurityCenterSettings } from "./settings/settings";

/** Other operations of this product allow ten calls a second; half of that is kept to (sheet 8.3), in whatever second one counts. */
const REQUEST_INTERVAL_MS = 210;
/** How old a list may be from which the robots before a create are known. */
const BEFORE_CREATE_MS = 2_000;
/** How long a list may be put off for the sake of others. */
const WRITTEN_WAIT_MS = 5_000;
const PRINCIPAL_HEX_DIGITS = 16;

/** What a connection is made with besides its settings. */
export interface ConnectionOptions {
  readonly clock?: Clock;
  /** Told the secrets that the vendor's chain finds, so that they can be kept out of what people see. */
  readonly onSecret?: (value: string) => void;
}

/** A way to one site of Security Center: the signing client, and lists that are shared. */
export class SecurityCenterConnection implements Connection {
  readonly client: SecurityCenterClient;
  /** What the lists have shown so far. */
  readonly memory = new RobotMemory();
  private readonly http: HttpClient;
  private readonly credentials: Credentials;
  private readonly moments = new Moments();
  /** Lists for those who write, before and after it. */
  private readonly list: SharedRead<RobotScan>;
  /** Lists for those who only read: what a writer has listed is not for them. */
  private readonly readList: SharedRead<RobotScan>;
  private readonly turns = new Map<string, Promise<unknown>>();
  /** Changing calls that are on the wire, or wait for their turn. */
  private writes = 0;
  /** The moments of this process's last write, of its last change or delete of a robot, and of its last create of each name. */
  private writtenAt = 0;
  private changedAt = 0;
  private readonly madeAt = new Map<string, number>();
  private readonly clock: Clock;
  private account: string | undefined;
  private knownTypes: Promise<readonly string[] | undefined> | undefined;

  constructor(
    private readonly settings: SecurityCenterSettings,
    { clock = systemClock, onSecret }: ConnectionOptions = {},
  ) {
    this.clock = clock;
    this.http = createHttpClient(settings.transport);
    this.credentials = createCredentials(settings.credentials, onSecret === undefined ? {} : { onSecret });
    this.client = new SecurityCenterClient({
      endpoint: settings.endpoint,
      http: this.http,
      credentials: this.credentials,
      clock,
      pace: new Pace(clock, REQUEST_INTERVAL_MS),
      newNonce: () => randomBytes(16).toString("hex"),
    });
    const robots = new RobotList(this.client);
    const scan = (begins: () => void): Promise<RobotScan> => this.scan(robots, begins);
    this.list = new SharedRead(clock, this.moments, scan);
    this.readList = new SharedRead(clock, this.moments, scan);
  }

  /** All robots, in a list that begins from now on; those who ask before it does share it. */
  robotsAnew(scope: CallScope): Promise<RobotScan> {
    return untilAborted(this.list.get(this.moments.now()), scope.signal);
  }

  /**
   * All robots as they were before one gets this name: a list that ended a moment ago will do, if this process has since made only robots
   * of other names.
   */
  robotsBefore(scope: CallScope, name: string): Promise<RobotScan> {
    const after = Math.max(this.changedAt, this.madeAt.get(name) ?? 0);
    return untilAborted(this.list.recent(after, BEFORE_CREATE_MS), scope.signal);
  }

  /**
   * Makes a call that changes something.
   *
   * @param made the name of the robot that it makes; absent where it changes or deletes one
   */
  async write<T>(call: () => Promise<T>, made?: string): Promise<T> {
    this.writes += 1;
    try {
      return await call();
    } finally {
      this.writes -= 1;
      this.writtenAt = this.moments.now();
      if (made === undefined) {
        this.changedAt = this.writtenAt;
      } else {
        this.madeAt.set(made, this.writtenAt);
      }
    }
  }

  /** Waits until nobody is about to write, so that one list can show what many have done. Not for long. */
  async untilWritten({ signal }: CallScope): Promise<void> {
    const giveUpMs = this.clock.now() + WRITTEN_WAIT_MS;
    do {
      // Less than an interval: who wrote last must be back before the list is asked for.
      await this.clock.sleep(REQUEST_INTERVAL_MS / 2, signal);
    } while (this.writes > 0 && this.clock.now() < giveUpMs);
  }

  /**
   * The robot with this id, in a list that is as young as the purpose needs; `undefined` only when two clean scans agree that there is none.
   *
   * @throws NetworkError when the list never held still long enough to tell
   */
  getRobot(scope: CallScope, id: string, purpose: Purpose): Promise<RobotRow | undefined> {
    switch (purpose) {
      case "read":
        return this.findRobot(scope, id, this.readList.recent(this.writtenAt));
      case "delete":
        return this.findRobot(scope, id, this.list.recent());
      case "change":
        return this.findRobot(scope, id, this.list.get());
    }
  }

  /** The robot with this id, in a list that begins from now on. */
  getRobotAnew(scope: CallScope, id: string): Promise<RobotRow | undefined> {
    return this.findRobot(scope, id, this.robotsAnew(scope));
  }

  private async findRobot(
    scope: CallScope,
    id: string,
    list: Promise<RobotScan>,
  ): Promise<RobotRow | undefined> {
    const first = await untilAborted(list, scope.signal);
    const row = findById(first, id);
    if (row !== undefined) {
      return row;
    }
    const second = await this.robotsAnew(scope);
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

  /**
   * The service's string for a kind of alerts at this site. `isGuess` where this identity may not ask which strings the site knows, so that
   * the documented one is taken.
   */
  async typeFor(
    scope: CallScope,
    kind: string,
  ): Promise<{ readonly type: string; readonly isGuess: boolean }> {
    this.knownTypes ??= this.loadTypes();
    const types = await untilAborted(this.knownTypes, scope.signal);
    const exact = types?.find((type) => kindOfType(type) === kind);
    const prefix = types
      ?.map((type) => type.split("sas-event-", 1)[0])
      .find((one) => one !== undefined && one !== "");
    return { type: exact ?? fullType(kind, prefix), isGuess: types === undefined };
  }

  verifySettings(): void {
    this.http.verifySettings(this.settings.endpoint);
    this.credentials.verify();
  }

  ready(): Promise<void> {
    return Promise.resolve();
  }

  /**
   * The account is known once a robot was seen; until then a fingerprint of permanent keys stands for it. Temporary keys are others every
   * time and prove nothing. Asks nobody, and never fails: it is called when an object was just made.
   */
  tenancy(): Promise<Tenancy> {
    const keys = this.credentials.latest;
    const isPermanent = keys !== undefined && keys.securityToken === undefined;
    return Promise.resolve({
      site: this.settings.site,
      ...(this.account === undefined ? {} : { account: this.account }),
      ...(isPermanent ? { principal: fingerprint(keys.accessKeyId) } : {}),
    });
  }

  close(): Promise<void> {
    this.http.close();
    return Promise.resolve();
  }

  private async scan(robots: RobotList, begins: () => void): Promise<RobotScan> {
    const scan = await robots.scan(begins);
    this.account = scan.rows.find((row) => row.AliUid != null)?.AliUid ?? this.account;
    this.memory.note(scan.rows);
    return scan;
  }

  /** Nothing, for good, where the service refuses to tell; any other failure is no answer. */
  private async loadTypes(): Promise<readonly string[] | undefined> {
    try {
      return await describeDataSource(this.client);
    } catch (error) {
      if (error instanceof SecurityCenterFailure && error.verdict === "refused") {
        return undefined;
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
