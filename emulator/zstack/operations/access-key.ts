import { internal, invalid, fail } from "../errors";
import { accessKeyInventory } from "../inventory";
import { query, requiredText, textOf, type Call, type Command, type Operation } from "../operation";
import { accessKeyTarget } from "../targets";
import { DELETE_MODE, stateAfter } from "./checks";

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
  const { store } = context;
  const accountUuid = requiredText(params, "accountUuid");
  const id = textOf(params, "AccessKeyID");
  const secret = textOf(params, "AccessKeySecret");
  checkLength("AccessKeyID", id, 10, 20);
  checkLength("AccessKeySecret", secret, 10, 40);
  const rows = store.accessKeys.rows();
  if (id !== undefined && rows.some((row) => row.accessKeyId === id)) {
    internal(`Duplicate entry '${id}' for key 'AccessKeyID'`);
  }
  const used = rows.filter((row) => row.accountUuid === accountUuid).length;
  if (!caller.admin && used >= MAX_KEYS_PER_ACCOUNT) {
    fail("SYS.1006", "an account has two access keys at most", "一个账户最多有两个AccessKey");
  }
  const row = store.accessKeys.add({
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
    context.store.accessKeys.remove(requiredText(params, "uuid"));
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
    const row = context.store.accessKeys.row(uuid);
    if (row === undefined) {
      fail("SYS.1003", `no access key[uuid:${uuid}]`, `找不到AccessKey[uuid:${uuid}]`);
    }
    row.state = stateAfter(requiredText(params, "stateEvent"));
    context.store.touch(row);
    return { inventory: accessKeyInventory(row, context) };
  },
};

export const accessKeyOperations: readonly Operation[] = [
  create,
  remove,
  changeState,
  query("QueryAccessKey", BASE, accessKeyTarget, { module: "accesskey" }),
];
