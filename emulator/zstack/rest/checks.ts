import { fail, internal, invalid, notFound, refused } from "./errors";
import { textOf, type Call, type Field } from "./operation";
import { UUID } from "./parameters";

/** Fields that every create call has besides its own (section 5.2). */
export const CREATE_FIELDS: readonly Field[] = [
  { name: "resourceUuid", type: "string" },
  { name: "tagUuids", type: "list", since: "3.4.0" },
];

/** `deleteMode` comes with every delete call; its value is not checked and nothing reads it (5.6, 12.10). */
export const DELETE_MODE: Field = { name: "deleteMode", type: "string" };

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
