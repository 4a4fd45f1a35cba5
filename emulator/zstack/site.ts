import { Faults } from "../frame/faults";
import type { Site, Surroundings } from "../frame/site";
import { SwitchBoard } from "../frame/switches";
import type { Context, Credentials } from "./context";
import { ZSTACK_FAULT_KINDS, type ZStackFault } from "./faults";
import { fireAlarm, fireEvent, type AlarmFiring, type EventFiring, type FiringReport } from "./firing";
import { ManagementNode } from "./node";
import { Store } from "./store";
import { ZSTACK_SWITCHES, type ZStackSwitches } from "./switches";

/** How the emulated management node starts: credentials, and any switch. */
export type ZStackOptions = Partial<Credentials> & Partial<ZStackSwitches>;

/** The admin account's uuid, the same on every ZStack installation. */
const ADMIN_ACCOUNT_UUID = "36c27e8ff05c4780bf6d2fa65700f22e";

const DEFAULT_CREDENTIALS: Credentials = {
  accountName: "admin",
  accountPassword: "password",
  accessKeyId: "emulatorAccessKey001",
  accessKeySecret: "emulatorAccessKeySecret0123456789abcdef",
};

/** What a test holds of the emulated management node. */
export interface ZStackHandle extends Credentials, ReturnType<Store["tables"]> {
  /** Value for ZSTACK_ENDPOINT. */
  readonly url: string;
  readonly accountUuid: string;
  /** Quirks and unknowns; assign to set: `zstack.switches.serverVersion = "4.8.0"`. */
  readonly switches: ZStackSwitches;
  readonly faults: Faults<ZStackFault>;
  /** The type of every live resource by uuid. */
  readonly resources: ReadonlyMap<string, string>;
  /** Ends all sessions, as a restart or an administrator would. */
  expireSessions(): void;
  /** Lets an alarm fire, or recover with the status OK: its message goes to everybody that it is meant for (section 5.9). */
  fireAlarm(alarmUuid: string, firing?: AlarmFiring): Promise<FiringReport>;
  /** Lets an event happen that a subscription waits for. */
  fireEvent(eventSubscriptionUuid: string, firing?: EventFiring): Promise<FiringReport>;
}

/** A ZStack management node as the frame sees it. */
export class ZStackSite implements Site<ZStackFault> {
  readonly name = "zstack";
  readonly faults = new Faults<ZStackFault>(ZSTACK_FAULT_KINDS);
  readonly context: Context;
  readonly control: Site["control"];
  readonly #node: ManagementNode;
  readonly #store: Store;
  readonly #board: SwitchBoard<typeof ZSTACK_SWITCHES>;

  constructor(surroundings: Surroundings, options: ZStackOptions = {}) {
    const { accountName, accountPassword, accessKeyId, accessKeySecret, ...switches } = options;
    const credentials: Credentials = {
      accountName: accountName ?? DEFAULT_CREDENTIALS.accountName,
      accountPassword: accountPassword ?? DEFAULT_CREDENTIALS.accountPassword,
      accessKeyId: accessKeyId ?? DEFAULT_CREDENTIALS.accessKeyId,
      accessKeySecret: accessKeySecret ?? DEFAULT_CREDENTIALS.accessKeySecret,
    };
    this.#board = new SwitchBoard(ZSTACK_SWITCHES, switches);
    this.#store = new Store(surroundings.clock, surroundings.random, { accountUuid: ADMIN_ACCOUNT_UUID });
    this.context = {
      store: this.#store,
      switches: this.#board.values,
      ...surroundings,
      credentials,
      accountUuid: ADMIN_ACCOUNT_UUID,
      counters: { failedLogins: 0, looks: 0 },
    };
    this.#node = new ManagementNode(this.context);
    this.#seedAccessKey();
    this.control = {
      switches: this.#board,
      tables: this.#store.tables(),
      actions: {
        "expire-sessions": () => {
          this.#store.sessions.clear();
          return {};
        },
        "fire-alarm": ({ uuid, ...firing }) => fireAlarm(String(uuid), firing, this.context),
        "fire-event": ({ uuid, ...firing }) => fireEvent(String(uuid), firing, this.context),
      },
      connection: (url) => ({
        ZSTACK_ENDPOINT: url,
        ZSTACK_ACCOUNT_NAME: credentials.accountName,
        ZSTACK_ACCOUNT_PASSWORD: credentials.accountPassword,
        ZSTACK_ACCESS_KEY_ID: credentials.accessKeyId,
        ZSTACK_ACCESS_KEY_SECRET: credentials.accessKeySecret,
      }),
    };
  }

  /** It answers everything on its listener: unknown paths are 404 text there too. */
  owns(): boolean {
    return true;
  }

  describe(...args: Parameters<ManagementNode["describe"]>) {
    return this.#node.describe(...args);
  }

  handle(...args: Parameters<ManagementNode["handle"]>) {
    return this.#node.handle(...args);
  }

  reset(): void {
    this.#board.reset();
    this.faults.clear();
    this.#store.reset();
    this.#node.reset();
    this.context.counters.failedLogins = 0;
    this.context.counters.looks = 0;
    this.#seedAccessKey();
  }

  /** Stops what still runs in the background. */
  close(): void {
    this.#node.webHooks.cancel();
  }

  /** The public handle. */
  handleFor(url: string): ZStackHandle {
    return {
      url,
      ...this.context.credentials,
      accountUuid: this.context.accountUuid,
      ...this.#store.tables(),
      switches: this.#board.values,
      faults: this.faults,
      resources: this.#store.resources,
      expireSessions: () => {
        this.#store.sessions.clear();
      },
      fireAlarm: (uuid, firing = {}) => fireAlarm(uuid, firing, this.context),
      fireEvent: (uuid, firing = {}) => fireEvent(uuid, firing, this.context),
    };
  }

  #seedAccessKey(): void {
    const { accessKeyId, accessKeySecret } = this.context.credentials;
    this.#store.accessKeys.add({ accessKeyId, accessKeySecret, description: "the emulator's own" });
  }
}
