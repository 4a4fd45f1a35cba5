import { choice, text, word } from "../../frame/value";
import { DELETE_MODE, stateAfter } from "./checks";
import type { Context } from "./context";
import { fail, internal, invalid } from "./errors";
import { dates, type Inventory } from "./inventory";
import { query, requiredText, textOf, type Call, type Command } from "./operation";
import { part } from "./part";
import { isOwn, queryTarget } from "./query-target";
import { ACCOUNT_MEMBER, datedTable, UUID_MEMBER, type Dated } from "./store";
import { ofClass } from "./wire";

/** An access key (section 2.4). */
export interface AccessKey extends Dated {
  uuid: string;
  accessKeyId: string;
  accessKeySecret: string;
  accountUuid: string;
  userUuid: string;
  state: string;
  description: string | undefined;
}

export const accessKeys = datedTable<"accessKeys", AccessKey>("accessKeys", {
  noun: "access key",
  key: (row) => row.uuid,
  members: {
    uuid: UUID_MEMBER,
    accessKeyId: word("The id that callers name; a random one by default."),
    accessKeySecret: word("What they sign with; a random one by default."),
    accountUuid: ACCOUNT_MEMBER,
    userUuid: word("The user that it belongs to; the account by default."),
    state: choice("Whether it is in use.", ["Enabled", "Disabled"]),
    description: text("Its description.").optional(),
  },
  defaults: ({ uuid, hex, accountUuid }) => ({
    uuid: uuid(),
    accessKeyId: hex(20),
    accessKeySecret: hex(40),
    accountUuid,
    userUuid: accountUuid,
    state: "Enabled",
    description: undefined,
  }),
});

function accessKeyInventory(row: AccessKey, context: Context): Inventory {
  return ofClass("org.zstack.accessKey.AccessKeyInventory", {
    uuid: row.uuid,
    description: row.description,
    accountUuid: row.accountUuid,
    userUuid: row.userUuid,
    AccessKeyID: row.accessKeyId,
    AccessKeySecret: row.accessKeySecret,
    state: row.state,
    ...dates(row, context),
  });
}

const target = queryTarget<AccessKey>({
  table: accessKeys,
  isSeen: isOwn,
  members: ["uuid", "description", "accountUuid", "userUuid", "state"],
  more: { AccessKeyID: (row) => [row.accessKeyId] },
  key: (row) => row.uuid,
  render: accessKeyInventory,
});

/** Keys that an account other than the admin may have (section 2.4). */
const MAX_KEYS_PER_ACCOUNT = 2;
const BASE = "/accesskeys";

/** Section 2.4. */
const create: Command = {
  name: "CreateAccessKey",
  method: "POST",
  paths: [BASE],
  kind: "async",
  wrapper: "params",
  changing: true,
  module: "accesskey",
  fields: [
    { name: "accountUuid", type: "string", required: true },
    { name: "userUuid", type: "string", required: true },
    { name: "description", type: "string", maxChars: 2048 },
    { name: "AccessKeyID", type: "string" },
    { name: "AccessKeySecret", type: "string" },
    { name: "resourceUuid", type: "string" },
  ],
  run: runCreate,
};

function runCreate({ params, context, caller }: Call) {
  const table = context.store.of(accessKeys);
  const accountUuid = requiredText(params, "accountUuid");
  const id = textOf(params, "AccessKeyID");
  const secret = textOf(params, "AccessKeySecret");
  checkLength("AccessKeyID", id, 10, 20);
  checkLength("AccessKeySecret", secret, 10, 40);
  const rows = table.rows();
  if (id !== undefined && rows.some((row) => row.accessKeyId === id)) {
    internal(`Duplicate entry '${id}' for key 'AccessKeyID'`);
  }
  const used = rows.filter((row) => row.accountUuid === accountUuid).length;
  if (!caller.admin && used >= MAX_KEYS_PER_ACCOUNT) {
    fail("SYS.1006", "an account has two access keys at most", "一个账户最多有两个AccessKey");
  }
  const row = table.add({
    accountUuid,
    userUuid: requiredText(params, "userUuid"),
    description: textOf(params, "description"),
    ...(id === undefined ? {} : { accessKeyId: id }),
    ...(secret === undefined ? {} : { accessKeySecret: secret }),
  });
  return { inventory: accessKeyInventory(row, context) };
}

function checkLength(name: string, value: string | undefined, min: number, max: number): void {
  if (value === undefined) {
    return;
  }
  if (value.length < min || value.length > max || value.includes(":")) {
    invalid(
      `field[${name}] must have ${String(min)} to ${String(max)} characters and no colon`,
      `字段[${name}]长度必须在${String(min)}到${String(max)}之间且不含冒号`,
    );
  }
}

const remove: Command = {
  name: "DeleteAccessKey",
  method: "DELETE",
  paths: [`${BASE}/{uuid}`],
  kind: "async",
  changing: true,
  module: "accesskey",
  fields: [{ name: "uuid", type: "string", required: true }, DELETE_MODE],
  run: ({ params, context }) => {
    context.store.of(accessKeys).remove(requiredText(params, "uuid"));
    return {};
  },
};

const changeState: Command = {
  name: "ChangeAccessKeyState",
  method: "PUT",
  paths: [`${BASE}/{uuid}/actions`],
  kind: "async",
  wrapper: "changeAccessKeyState",
  changing: true,
  module: "accesskey",
  fields: [
    { name: "uuid", type: "string", required: true },
    { name: "stateEvent", type: "string", required: true, values: ["enable", "disable"] },
  ],
  run: ({ params, context }) => {
    const uuid = requiredText(params, "uuid");
    const row = context.store.of(accessKeys).row(uuid);
    if (row === undefined) {
      fail("SYS.1003", `no access key[uuid:${uuid}]`, `找不到AccessKey[uuid:${uuid}]`);
    }
    row.state = stateAfter(requiredText(params, "stateEvent"));
    context.store.touch(row);
    return { inventory: accessKeyInventory(row, context) };
  },
};

export const accessKey = part({
  tables: [accessKeys],
  operations: [create, remove, changeState, query("QueryAccessKey", BASE, target, { module: "accesskey" })],
});
