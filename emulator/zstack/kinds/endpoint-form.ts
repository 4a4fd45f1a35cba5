import { text, word, type Members } from "../../frame/value";
import { fitColumn } from "../rest/checks";
import type { Caller, Context } from "../rest/context";
import { fail } from "../rest/errors";
import { dates, type Inventory } from "../rest/inventory";
import { requiredText, textOf, type Call, type Command, type Field, type Query } from "../rest/operation";
import { isOwn, present } from "../rest/query-target";
import {
  ACCOUNT_MEMBER,
  UUID_MEMBER,
  type Dated,
  type Getter,
  type ResourceKey,
  type Undated,
} from "../rest/store";
import { has } from "../rest/version";
import { ofClass } from "../rest/wire";
import { DESCRIPTION, DESCRIPTION_MEMBER, Kind, NAME_MEMBER, REQUIRED_NAME, type Names } from "./kind";
import { platformInventory, platforms } from "./platform";
import { checkWebhookUrl } from "./webhook-url";

/** First version with secret, person remarks and dates, DingTalk update, person update and query, test, WeCom (0.1). */
export const ROBOTS_SINCE = "5.0.0";
/** First version with connectionStatus, and with platformUuid in both updates (section 0.1). */
const CONNECTION_STATUS_SINCE = "5.1.8";
const NESTED_PLATFORM_SINCE = "4.7.21";
const URL_COLUMN_CHARS = 1024;

/** What endpoints of every form have. */
export interface EndpointBase extends Dated {
  uuid: string;
  name: string;
  description: string | undefined;
  /** Which form it is of: `DingTalk`, `HTTP`, `WeCom`, `Email` … */
  type: string;
  state: string;
  platformUuid: string;
  accountUuid: string;
  /** Webhook, or another address; an e-mail endpoint has none. */
  url: string | undefined;
}

/** The one table of endpoints; `endpoint.ts` knows all forms and makes it. */
export const endpoints: ResourceKey<EndpointBase> & { readonly name: "endpoints" } = {
  name: "endpoints",
  resourceType: "SNSApplicationEndpointVO",
};

export const BASE_MEMBERS: Members<Undated<EndpointBase>> = {
  uuid: UUID_MEMBER,
  name: NAME_MEMBER,
  description: DESCRIPTION_MEMBER,
  type: word("DingTalk, HTTP, WeCom, Email …"),
  state: word("Enabled, Disabled, or the name that the switch hiddenStateName gives."),
  platformUuid: word("The application platform that it hangs on; the system platform by default."),
  accountUuid: ACCOUNT_MEMBER,
  url: text("Webhook, or address of an HTTP endpoint.").optional(),
};

/** The parameter of both updates; on create there is an older one. */
export const PLATFORM: Field = {
  name: "platformUuid",
  type: "string",
  refersTo: platforms.resourceType,
  since: CONNECTION_STATUS_SINCE,
};

/** What every form of endpoint shows; the whole answer of the two generic calls (sections 5.1, 5.3). */
export function baseEndpoint(row: EndpointBase, context: Context): Inventory {
  return ofClass("org.zstack.sns.SNSApplicationEndpointInventory", baseInventory(row, context));
}

function baseInventory(row: EndpointBase, context: Context): Inventory {
  const { store, switches } = context;
  const platform = store.of(platforms).row(row.platformUuid);
  const showsPlatform = platform !== undefined && has(switches.serverVersion, NESTED_PLATFORM_SINCE);
  return {
    name: row.name,
    uuid: row.uuid,
    description: row.description,
    type: row.type,
    state: row.state,
    platformUuid: row.platformUuid,
    connectionStatus: connectionStatus(row, context),
    ...dates(row, context),
    platform: showsPlatform ? platformInventory(platform, context) : undefined,
  };
}

function connectionStatus(row: EndpointBase, { switches, counters, store }: Context): string | undefined {
  if (row.url === undefined || !has(switches.serverVersion, CONNECTION_STATUS_SINCE)) {
    return undefined;
  }
  if (switches.connectionStatus === "absent") {
    return undefined;
  }
  if (switches.connectionStatus !== "flips") {
    return switches.connectionStatus;
  }
  counters.looks += 1;
  store.touch(row);
  return counters.looks % 2 === 0 ? "DOWN" : "UP";
}

/** Members that queries of every form may name. */
export const QUERIED = ["uuid", "name", "description", "type", "state", "platformUuid"] as const;
/** Other names that they may have; topics come with the subscriptions. */
export const QUERIED_BESIDES: Readonly<Record<string, Getter<EndpointBase>>> = {
  connectionStatus: () => [],
  // Declared by the server, but no reliable filter (section 7): it finds nothing.
  atPersonPhoneNumbers: () => [],
  ...Object.fromEntries(
    (["uuid", "name", "type", "state", "description"] as const).map(
      (name) =>
        [
          `platform.${name}`,
          (row: EndpointBase, store) => present(store.of(platforms).row(row.platformUuid)?.[name]),
        ] satisfies [string, Getter<EndpointBase>],
    ),
  ),
};
/** `atAll` is shown by every query of endpoints that selects other members (section 7). */
export const PRIMITIVES = { atAll: false };

/** Whether a query finds an endpoint at all. */
export function isListed(row: EndpointBase, caller: Caller, { switches }: Context): boolean {
  return isOwn(row, caller) && (switches.hiddenListed || row.state !== switches.hiddenStateName);
}

/** Applies name, description and platformUuid when present, `""` included; nothing else (section 5.4). */
export function applyGenericUpdate(row: EndpointBase, { params, context: { switches } }: Call): void {
  row.name = textOf(params, "name") ?? row.name;
  const description = textOf(params, "description");
  if (description !== undefined && (description !== "" || switches.descriptionClearable)) {
    row.description = description;
  }
  row.platformUuid = textOf(params, "platformUuid") ?? row.platformUuid;
}

/** Refuses one more endpoint for an account that has its quota (section 5.2). */
function checkQuota({ caller, context }: Call): void {
  const { store, switches } = context;
  if (caller.admin) {
    return;
  }
  const rows = store.of(endpoints).rows();
  const used = rows.filter((row) => row.accountUuid === caller.accountUuid).length;
  if (used >= switches.endpointQuota) {
    fail(
      "ID.1003",
      `quota sns.endpoint.num[${String(switches.endpointQuota)}] is exceeded, ${String(used)} used`,
      `超出配额sns.endpoint.num[${String(switches.endpointQuota)}],已使用${String(used)}`,
    );
  }
}

/** What only endpoints of one form have. */
export type OwnMembers<Row> = Omit<Row, keyof EndpointBase>;

/** What one form of endpoints is made of. */
interface FormOptions<Row extends EndpointBase> {
  readonly type: Row["type"];
  readonly members: Members<OwnMembers<Row>>;
  readonly defaults: OwnMembers<Row>;
  /** The server's class of an inventory. */
  readonly className: string;
  /** What an inventory shows besides what all endpoints show. */
  inventory(row: Row, context: Context, asCreated: boolean): Inventory;
  /** Members that queries may name besides those of all endpoints. */
  readonly queried: readonly (keyof Row & string)[];
}

/** What the call that makes an endpoint of a form says besides what all of them say. */
interface FormCreation<Row> {
  check?(call: Call): void;
  members(call: Call): Partial<OwnMembers<Row>>;
  after?(row: Row, call: Call): void;
}

/** One form of endpoints, such as DingTalk's: a kind that shares table, delete and state with the others (section 5.1). */
export class EndpointForm<Row extends EndpointBase> {
  readonly type: Row["type"];
  readonly members: Members<OwnMembers<Row>>;
  readonly defaults: OwnMembers<Row>;
  private readonly options: FormOptions<Row>;
  private readonly kind: Kind<Row>;

  constructor(options: FormOptions<Row>) {
    this.type = options.type;
    this.members = options.members;
    this.defaults = options.defaults;
    this.options = options;
    this.kind = new Kind<Row>({
      table: endpoints as ResourceKey<Row>,
      module: "sns",
      inventory: (row, context, asCreated) =>
        this.is(row) ? this.render(row, context, asCreated) : baseEndpoint(row, context),
      queried: [...QUERIED, ...options.queried],
      queriedBesides: QUERIED_BESIDES,
      primitives: PRIMITIVES,
      isSeen: (row, caller, context) => this.is(row) && isListed(row, caller, context),
      checkQuota,
    });
  }

  /** Whether an endpoint is of this form. */
  is(row: EndpointBase): row is Row {
    return row.type === this.type;
  }

  /** An endpoint of this form as its own calls show it (sections 5.3, 6.4). */
  render(row: Row, context: Context, asCreated = false): Inventory {
    const { className, inventory } = this.options;
    return ofClass(className, { ...inventory(row, context, asCreated), ...baseInventory(row, context) });
  }

  /** The call that makes one (section 5.2). */
  create(names: Names, fields: readonly Field[], { check, members, after }: FormCreation<Row>): Command {
    const all: readonly Field[] = [
      REQUIRED_NAME,
      { name: "url", type: "string", required: true, maxChars: 2048 },
      DESCRIPTION,
      ...fields,
      { name: "platformUuid", type: "string", refersTo: platforms.resourceType },
    ];
    return this.kind.create(names, all, {
      check: (call) => {
        checkWebhookUrl(requiredText(call.params, "url"));
        check?.(call);
      },
      members: (call) => {
        const { params, context } = call;
        const url = requiredText(params, "url");
        const base: Partial<EndpointBase> = {
          type: this.type,
          name: requiredText(params, "name"),
          description: textOf(params, "description"),
          url: fitColumn("url", url, URL_COLUMN_CHARS, context.switches.urlColumnOverflow),
        };
        return { ...base, ...members(call) } as Partial<Row>;
      },
      ...(after === undefined ? {} : { after }),
    });
  }

  /**
   * The call that changes one. The message is a generic update too: that is all that an endpoint of another form
   * understands of it (section 5.4).
   */
  update(
    names: Names & { readonly wrapper: string },
    fields: readonly Field[],
    { check, apply }: { check(call: Call): void; apply(row: Row, call: Call): void },
  ): Command {
    return this.kind.update(names, fields, {
      check,
      apply: (row, call) => {
        const some: EndpointBase = row;
        if (this.is(some)) {
          apply(some, call);
        } else {
          applyGenericUpdate(some, call);
        }
      },
    });
  }

  /** The call that finds those of this form. */
  query(names: Names): Query {
    return this.kind.query(names);
  }
}
