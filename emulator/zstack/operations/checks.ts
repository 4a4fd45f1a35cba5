import { fail, internal, invalid, notFound, refused } from "../errors";
import { listOf, textOf, type Call, type Field } from "../operation";
import { UUID } from "../params";

/** Phone numbers that the server takes (section 5.2): plus, two or three digits, dash, eleven digits. */
export const PHONE = /^\+\d{2,3}-\d{11}$/;

/** Column sizes of the database, in characters (sections 5.2, 5.4). */
export const URL_COLUMN_CHARS = 1024;
export const SECRET_COLUMN_CHARS = 128;
export const REMARK_COLUMN_CHARS = 128;

/** `deleteMode` comes with every delete call; its value is not checked and nothing reads it (5.6, 12.10). */
export const DELETE_MODE: Field = { name: "deleteMode", type: "string" };

/** Refuses a phone number of the wrong form. */
export function checkPhone(phone: string): void {
  if (!PHONE.test(phone)) {
    invalid(`invalid phone number[${phone}]`, `手机号[${phone}]无效`);
  }
}

/** The uuid of a new object: the caller's, if well-formed and free, or a random one (section 8). */
export function newUuid({ params, context }: Call): string {
  const { store, switches, random } = context;
  const wanted = textOf(params, "resourceUuid");
  if (wanted === undefined) {
    return random.uuid();
  }
  checkResourceUuid(wanted);
  if (switches.clientUuids === "ignored") {
    return random.uuid();
  }
  const taken = store.resources.has(wanted) || (!switches.uuidReuse && store.deletedUuids.has(wanted));
  if (taken) {
    internal(`Duplicate entry '${wanted}' for key 'PRIMARY' in the table of all resources`);
  }
  return wanted;
}

/** Refuses a malformed resourceUuid; runs before the checks of the module (section 4.3). */
export function checkResourceUuid(uuid: string | undefined): void {
  if (uuid !== undefined && !UUID.test(uuid)) {
    invalid(`resourceUuid[${uuid}] is not a valid uuid`, `resourceUuid[${uuid}]不是有效的uuid`);
  }
}

/** Text for a column: an overflow is SYS.1000 or cut, by the database's mode (section 11.5). It counts code points. */
export function fitColumn(name: string, value: string, maxChars: number, mode: "error" | "cut"): string {
  const characters = Array.from(value);
  if (characters.length <= maxChars) {
    return value;
  }
  if (mode === "error") {
    internal(`Data truncation: Data too long for column '${name}' at row 1`);
  }
  return characters.slice(0, maxChars).join("");
}

/** The tag checks of create calls: patterns exist and are simple, no real system tags (section 8). */
export function checkCreateTags({ params, context, systemTags }: Call): void {
  for (const uuid of listOf(params, "tagUuids") ?? []) {
    const pattern = context.store.tagPatterns.row(uuid);
    if (pattern === undefined) {
      notFound("tagUuids", uuid, "TagPatternVO");
    }
    if (pattern.type !== "simple") {
      invalid(`tag[uuid:${uuid}] is not of type simple`, `标签[uuid:${uuid}]不是simple类型`);
    }
  }
  for (const tag of systemTags) {
    if (!tag.startsWith("ephemeral::")) {
      invalid(`no system tag matches[${tag}]`, `没有匹配的系统标签[${tag}]`);
    }
  }
}

/** Attaches the tags of a create call, if this server does so at all (section 8, 11.12). */
export function attachCreateTags(call: Call, resourceUuid: string, resourceType: string): void {
  const { store, switches } = call.context;
  if (switches.tagsOnCreate === "dropped") {
    return;
  }
  for (const uuid of listOf(call.params, "tagUuids") ?? []) {
    const tag = store.tagPatterns.row(uuid)?.name ?? uuid;
    store.tags.add({ tag, resourceUuid, resourceType, tagPatternUuid: uuid });
  }
  for (const tag of call.userTags) {
    store.tags.add({ tag, resourceUuid, resourceType });
  }
}

/** Refuses one more endpoint for an account that has its quota (section 5.2). */
export function checkEndpointQuota({ caller, context }: Call): void {
  const { store, switches } = context;
  if (caller.admin) {
    return;
  }
  const used = store.endpoints.rows().filter((row) => row.accountUuid === caller.accountUuid).length;
  if (used >= switches.endpointQuota) {
    fail(
      "ID.1003",
      `quota sns.endpoint.num[${String(switches.endpointQuota)}] is exceeded, ${String(used)} used`,
      `超出配额sns.endpoint.num[${String(switches.endpointQuota)}],已使用${String(used)}`,
    );
  }
}

/** Refuses writes to what belongs to another account (sections 7, 11.13). */
export function checkOwner(row: { accountUuid: string; uuid: string }, { caller }: Call): void {
  if (caller.admin || row.accountUuid === caller.accountUuid) {
    return;
  }
  fail("ID.1002", `permission denied on resource[uuid:${row.uuid}]`, `没有权限访问资源[uuid:${row.uuid}]`);
}

/** The object of a call, which the generic checks have found already. */
export function found<Row>(row: Row | undefined, field: string, uuid: string, type: string): Row {
  return row ?? notFound(field, uuid, type);
}

/** The state that an event leads to, for everything that can only be enabled and disabled. */
export function stateAfter(event: string): "Enabled" | "Disabled" {
  return event === "enable" ? "Enabled" : "Disabled";
}

/** Refuses changes of built-in objects (sections 6.1, 6.3). */
export function refuseBuiltIn(what: string): never {
  refused(`${what} is built in and cannot be changed so`, `${what}是系统内置的,不能执行此操作`);
}
