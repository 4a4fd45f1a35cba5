import { internal, invalid } from "../errors";
import { fullEndpoint, type Inventory } from "../inventory";
import {
  listOf,
  query,
  requiredText,
  textOf,
  type Call,
  type Command,
  type Field,
  type Operation,
} from "../operation";
import { CREATE_FIELDS } from "../params";
import { endpointTarget } from "../targets";
import { SINCE } from "../version";
import {
  attachCreateTags,
  checkCreateTags,
  checkEndpointQuota,
  checkResourceUuid,
  fitColumn,
  newUuid,
  URL_COLUMN_CHARS,
} from "./checks";
import { checkWebhookUrl } from "./webhook-url";

const BASE = "/sns/application-endpoints";
const COMMON_FIELDS: readonly Field[] = [
  { name: "name", type: "string", required: true, maxChars: 255 },
  { name: "url", type: "string", required: true, maxChars: 2048 },
  { name: "description", type: "string", maxChars: 2048 },
  { name: "platformUuid", type: "string", refersTo: "SNSApplicationPlatformVO" },
  ...CREATE_FIELDS,
];

/** Endpoints that are not DingTalk's: just enough that "another kind" exists (section 6.4). */
const createHttp: Command = {
  name: "CreateSNSHttpEndpoint",
  method: "POST",
  paths: [`${BASE}/http`],
  kind: "async",
  wrapper: "params",
  changing: true,
  module: "sns",
  fields: [
    ...COMMON_FIELDS,
    { name: "username", type: "string", maxChars: 128 },
    { name: "password", type: "string", maxChars: 512 },
  ],
  run: (call) => {
    const username = textOf(call.params, "username");
    const password = textOf(call.params, "password");
    if ((username === undefined) !== (password === undefined)) {
      invalid("username and password must be given together", "用户名和密码必须同时指定");
    }
    return createEndpoint(call, "HTTP", { username, password });
  },
};

const createWeCom: Command = {
  name: "CreateSNSWeComEndpoint",
  method: "POST",
  paths: [`${BASE}/we-com`],
  kind: "async",
  wrapper: "params",
  changing: true,
  module: "sns",
  since: SINCE.robots,
  fields: [
    ...COMMON_FIELDS,
    { name: "atAll", type: "boolean" },
    { name: "atPersonUserIds", type: "list", nonEmpty: true },
    { name: "atPersonList", type: "map" },
  ],
  run: (call) => {
    const { params, context } = call;
    const map = params.atPersonList as Readonly<Record<string, string | null>> | undefined;
    const persons = Object.entries(
      map ?? Object.fromEntries((listOf(params, "atPersonUserIds") ?? []).map((id) => [id, null])),
    );
    return createEndpoint(call, "WeCom", { atAll: params.atAll === true }, (endpointUuid) => {
      for (const [phoneNumber, remark] of persons) {
        context.store.persons.add({ endpointUuid, phoneNumber, remark: remark ?? undefined });
      }
    });
  },
};

function createEndpoint(
  call: Call,
  type: string,
  own: { atAll?: boolean; username?: string | undefined; password?: string | undefined },
  after: (uuid: string) => void = () => undefined,
): Inventory {
  const { params, context, caller } = call;
  const { store, switches } = context;
  checkResourceUuid(textOf(params, "resourceUuid"));
  const url = requiredText(params, "url");
  checkWebhookUrl(url);
  checkCreateTags(call);
  checkEndpointQuota(call);
  const { uuid } = store.endpoints.add({
    uuid: newUuid(call),
    type,
    name: requiredText(params, "name"),
    description: textOf(params, "description"),
    url: fitColumn("url", url, URL_COLUMN_CHARS, switches.urlColumnOverflow),
    accountUuid: caller.accountUuid,
    ...own,
  });
  after(uuid);
  attachCreateTags(call, uuid, "SNSApplicationEndpointVO");
  const row = store.endpoints.row(uuid) ?? internal("the row that was just written is gone");
  return { inventory: fullEndpoint(row, context, true) };
}

export const otherEndpointOperations: readonly Operation[] = [
  createHttp,
  createWeCom,
  query("QuerySNSHttpEndpoint", `${BASE}/http`, endpointTarget("HTTP"), { module: "sns" }),
  query("QuerySNSWeComEndpoint", `${BASE}/we-com`, endpointTarget("WeCom"), {
    module: "sns",
    since: SINCE.robots,
  }),
];
