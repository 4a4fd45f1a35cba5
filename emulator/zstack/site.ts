import { Faults } from "../frame/faults";
import { action, type Site, type Surroundings } from "../frame/site";
import { SwitchBoard, switchMembers } from "../frame/switches";
import { choice, number, object, partial, text, word, type Members } from "../frame/value";
import {
  ALARM_STATUSES,
  fireAlarm,
  fireEvent,
  type AlarmFiring,
  type EventFiring,
  type FiringReport,
} from "./delivery/firing";
import { ManagementNode, POLL_OPERATION } from "./node";
import { OPERATIONS, PARTS, ZSTACK_SWITCHES, type Tables } from "./parts";
import { accessKeys } from "./rest/access-key";
import type { Context, Credentials } from "./rest/context";
import { ZSTACK_FAULTS, type ZStackFault } from "./rest/faults";
import { sessions } from "./rest/session";
import { Store, type AnyTableSpec } from "./rest/store";
import type { ZStackSwitches } from "./switches";

/** How the emulated management node starts: credentials, and any switch. */
export type ZStackOptions = Partial<Credentials> & Partial<ZStackSwitches>;

/** The admin account's uuid, the same on every ZStack installation. */
const ADMIN_ACCOUNT_UUID = "36c27e8ff05c4780bf6d2fa65700f22e";

const DEFAULT_CREDENTIALS: Credentials = {
  accountName: "admin",
  // No word, nor a part of one: the Pulumi CLI masks the value of a secret wherever it prints it.
  accountPassword: "Emulator-1",
  accessKeyId: "emulatorAccessKey001",
  accessKeySecret: "emulatorAccessKeySecret0123456789abcdef",
};

const CREDENTIALS: Members<Credentials> = {
  accountName: word("Name of the account that may log in."),
  accountPassword: word("Its password, in clear."),
  accessKeyId: text("Id of its access key.", /^[^:]+$/, "text that is not empty and has no colon"),
  accessKeySecret: text("Secret of its access key.", /^[^:]+$/, "text that is not empty and has no colon"),
};
const NEW_CREDENTIALS = partial("Changes credentials: the old ones are refused from now on.", CREDENTIALS);

/** What the options of a management node may say. */
export const ZSTACK_OPTIONS = partial<Credentials & ZStackSwitches>(
  "Credentials of the ZStack management node, and any of its switches.",
  { ...CREDENTIALS, ...switchMembers<typeof ZSTACK_SWITCHES>(ZSTACK_SWITCHES) },
  "option or switch of ZStack",
);

const SUBJECT = {
  resourceUuid: text("The resource that it is about.").optional(),
  resourceName: text("Its name.").optional(),
};
const ALARM_FIRING: Members<AlarmFiring> = {
  status: choice(
    'What the alarm changes to; "Alarm" by default, "OK" is the recovery.',
    ALARM_STATUSES,
  ).optional(),
  value: number("The value that was measured.").optional(),
  ...SUBJECT,
};
const EVENT_FIRING: Members<EventFiring> = { error: text("What went wrong.").optional(), ...SUBJECT };

/** What a test holds of the emulated management node. */
export interface ZStackHandle extends Credentials, Tables {
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
  /**
   * Changes the account's name, password, access key id or secret while it runs; the old ones are refused from now on.
   * Whether sessions end with a password is a switch, passwordChangeEndsSessions. A reset brings the first ones back.
   */
  changeCredentials(changes: Partial<Credentials>): void;
  /** Lets an alarm fire, or recover with the status OK: its message goes to everybody that it is meant for (section 5.9). */
  fireAlarm(alarmUuid: string, firing?: AlarmFiring): Promise<FiringReport>;
  /** Lets an event happen that a subscription waits for. */
  fireEvent(eventSubscriptionUuid: string, firing?: EventFiring): Promise<FiringReport>;
}

/** A ZStack management node as the frame sees it. */
export class ZStackSite implements Site<ZStackFault> {
  readonly name = "zstack";
  readonly faults = new Faults<ZStackFault>(
    [...OPERATIONS.map(({ name }) => name), POLL_OPERATION],
    ZSTACK_FAULTS,
  );
  readonly context: Context;
  readonly control: Site["control"];
  private readonly node: ManagementNode;
  private readonly store: Store;
  private readonly board: SwitchBoard<typeof ZSTACK_SWITCHES>;
  private readonly firstCredentials: Credentials;

  constructor(surroundings: Surroundings, options: ZStackOptions = {}) {
    const { accountName, accountPassword, accessKeyId, accessKeySecret, ...switches } = options;
    const credentials = {
      accountName: accountName ?? DEFAULT_CREDENTIALS.accountName,
      accountPassword: accountPassword ?? DEFAULT_CREDENTIALS.accountPassword,
      accessKeyId: accessKeyId ?? DEFAULT_CREDENTIALS.accessKeyId,
      accessKeySecret: accessKeySecret ?? DEFAULT_CREDENTIALS.accessKeySecret,
    };
    this.firstCredentials = { ...credentials };
    this.board = new SwitchBoard(ZSTACK_SWITCHES, switches);
    this.store = new Store(
      {
        specs: PARTS.flatMap(({ tables }): readonly AnyTableSpec[] => tables),
        joins: PARTS.flatMap(({ joins }) => joins),
      },
      { ...surroundings, accountUuid: ADMIN_ACCOUNT_UUID },
    );
    this.context = {
      store: this.store,
      switches: this.board.values,
      ...surroundings,
      credentials,
      accountUuid: ADMIN_ACCOUNT_UUID,
      counters: { failedLogins: 0, looks: 0 },
    };
    this.node = new ManagementNode(this.context, OPERATIONS);
    const keys = this.store.of(accessKeys);
    keys.add({
      accessKeyId: credentials.accessKeyId,
      accessKeySecret: credentials.accessKeySecret,
      description: "the emulator's own",
    });
    this.store.keepAsInitial();
    this.control = {
      switches: this.board,
      tables: this.store.tables(),
      actions: {
        "expire-sessions": action(object<object>("Ends all sessions.", {}), () => {
          this.store.of(sessions).clear();
          return {};
        }),
        "change-credentials": action(NEW_CREDENTIALS, (changes) => {
          this.changeCredentials(changes);
          return {};
        }),
        "fire-alarm": action(
          object<AlarmFiring & { uuid: string }>("Lets an alarm fire, or recover.", {
            uuid: word("The alarm."),
            ...ALARM_FIRING,
          }),
          ({ uuid, ...firing }) => fireAlarm(uuid, firing, this.context),
        ),
        "fire-event": action(
          object<EventFiring & { uuid: string }>("Lets an event happen that a subscription waits for.", {
            uuid: word("The event subscription."),
            ...EVENT_FIRING,
          }),
          ({ uuid, ...firing }) => fireEvent(uuid, firing, this.context),
        ),
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
    return this.node.describe(...args);
  }

  handle(...args: Parameters<ManagementNode["handle"]>) {
    return this.node.handle(...args);
  }

  reset(): void {
    this.board.reset();
    this.faults.clear();
    this.store.reset();
    this.node.reset();
    this.context.counters.failedLogins = 0;
    this.context.counters.looks = 0;
    Object.assign(this.context.credentials, this.firstCredentials);
  }

  /** Stops what still runs in the background. */
  close(): void {
    this.node.webHooks.cancel();
  }

  /** The public handle. */
  handleFor(url: string): ZStackHandle {
    const { credentials } = this.context;
    return {
      url,
      get accountName() {
        return credentials.accountName;
      },
      get accountPassword() {
        return credentials.accountPassword;
      },
      get accessKeyId() {
        return credentials.accessKeyId;
      },
      get accessKeySecret() {
        return credentials.accessKeySecret;
      },
      accountUuid: this.context.accountUuid,
      // The names and rows of the parts that the store was made of.
      ...(this.store.tables() as Tables),
      switches: this.board.values,
      faults: this.faults,
      resources: this.store.resources,
      expireSessions: () => {
        this.store.of(sessions).clear();
      },
      changeCredentials: (changes) => {
        this.changeCredentials(NEW_CREDENTIALS.check(changes, "The credentials"));
      },
      fireAlarm: async (uuid, firing = {}) =>
        fireAlarm(uuid, object("", ALARM_FIRING).check(firing, "The firing"), this.context),
      fireEvent: async (uuid, firing = {}) =>
        fireEvent(uuid, object("", EVENT_FIRING).check(firing, "The firing"), this.context),
    };
  }

  private changeCredentials(changes: Partial<Credentials>): void {
    const { credentials, switches, accountUuid } = this.context;
    const keys = this.store.of(accessKeys);
    const opened = this.store.of(sessions);
    const old = { ...credentials };
    for (const [name, value] of Object.entries(changes)) {
      if (value !== undefined) {
        credentials[name as keyof Credentials] = value;
      }
    }
    const { accessKeyId, accessKeySecret } = credentials;
    if (accessKeyId !== old.accessKeyId || accessKeySecret !== old.accessKeySecret) {
      const row = keys.rows().find((key) => key.accessKeyId === old.accessKeyId);
      if (row === undefined) {
        keys.add({ accessKeyId, accessKeySecret });
      } else {
        keys.edit(row.uuid, { accessKeyId, accessKeySecret });
      }
    }
    if (credentials.accountPassword === old.accountPassword || !switches.passwordChangeEndsSessions) {
      return;
    }
    for (const session of opened.rows()) {
      if (session.accountUuid === accountUuid) {
        opened.remove(session.uuid);
      }
    }
  }
}
