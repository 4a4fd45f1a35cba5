import { choice, integer, text, word } from "../../frame/value";
import { refuseBuiltIn } from "../rest/checks";
import type { Context } from "../rest/context";
import { dates, type Inventory } from "../rest/inventory";
import { requiredText, textOf } from "../rest/operation";
import { part } from "../rest/part";
import { isOwn } from "../rest/query-target";
import { ACCOUNT_MEMBER, resourceTable, UUID_MEMBER, type Dated } from "../rest/store";
import { ofClass } from "../rest/wire";
import {
  applyNameAndDescription,
  DESCRIPTION,
  DESCRIPTION_MEMBER,
  Kind,
  NAME,
  NAME_MEMBER,
  REQUIRED_NAME,
  STATE_MEMBER,
} from "./kind";

const BASE = "/sns/application-platforms";
const ACTIONS = `${BASE}/{uuid}/actions`;

/** The built-in platform that every endpoint except the e-mail ones hangs on (section 5.2). */
export const SYSTEM_PLATFORM_UUID = "02d24b9b0a7f4ee1846f15cda248ceb7";

/** An application platform (section 6.3). */
export interface Platform extends Dated {
  uuid: string;
  name: string;
  description: string | undefined;
  state: string;
  type: string;
  accountUuid: string;
  smtpServer: string | undefined;
  smtpPort: number | undefined;
  username: string | undefined;
  password: string | undefined;
  encryptType: string | undefined;
}

export const platforms = resourceTable<"platforms", Platform>("platforms", "SNSApplicationPlatformVO", {
  noun: "platform",
  members: {
    uuid: UUID_MEMBER,
    name: NAME_MEMBER,
    description: DESCRIPTION_MEMBER,
    state: STATE_MEMBER,
    type: word("Email or system."),
    accountUuid: ACCOUNT_MEMBER,
    smtpServer: text("Host of the mail server.").optional(),
    smtpPort: integer("Its port.", 1, 65535).optional(),
    username: text("User at the mail server.").optional(),
    password: text("Password there; never shown by the API.").optional(),
    encryptType: choice("How the connection is encrypted.", ["SSL", "STARTTLS", "NONE"]).optional(),
  },
  defaults: ({ uuid, accountUuid }) => ({
    uuid: uuid(),
    name: "platform",
    description: undefined,
    state: "Enabled",
    type: "Email",
    accountUuid,
    smtpServer: undefined,
    smtpPort: undefined,
    username: undefined,
    password: undefined,
    encryptType: undefined,
  }),
  builtIn: [{ uuid: SYSTEM_PLATFORM_UUID, name: "system", description: "system", type: "system" }],
});

/** An application platform as answers show it. The password of an e-mail platform is never shown. */
export function platformInventory(row: Platform, context: Context): Inventory {
  const { uuid, name, description, state, type, smtpServer, smtpPort, username, encryptType } = row;
  const shown: Inventory = { uuid, name, description, state, type, ...dates(row, context) };
  if (type !== "Email") {
    return ofClass("org.zstack.sns.SNSApplicationPlatformInventory", shown);
  }
  return ofClass("org.zstack.sns.platform.email.SNSEmailPlatformInventory", {
    smtpServer,
    smtpPort,
    username,
    encryptType,
    ...shown,
  });
}

const kind = new Kind<Platform>({
  table: platforms,
  module: "sns",
  inventory: platformInventory,
  queried: ["uuid", "name", "description", "state", "type"],
  // The system platform is seen by everybody.
  isSeen: (row, caller) => row.type === "system" || isOwn(row, caller),
});

/** Section 6.3. */
const createEmail = kind.create(
  { name: "CreateSNSEmailPlatform", path: `${BASE}/email` },
  [
    REQUIRED_NAME,
    DESCRIPTION,
    { name: "smtpServer", type: "string", required: true },
    { name: "smtpPort", type: "integer", required: true, min: 1, max: 65535 },
    { name: "username", type: "string" },
    { name: "password", type: "string" },
    { name: "encryptType", type: "string", values: ["SSL", "STARTTLS", "NONE"] },
  ],
  {
    members: ({ params }) => ({
      type: "Email",
      name: requiredText(params, "name"),
      description: textOf(params, "description"),
      smtpServer: textOf(params, "smtpServer"),
      smtpPort: typeof params.smtpPort === "number" ? params.smtpPort : undefined,
      username: textOf(params, "username"),
      password: textOf(params, "password"),
      encryptType: textOf(params, "encryptType"),
    }),
  },
);

const update = kind.update(
  { name: "UpdateSNSApplicationPlatform", path: ACTIONS, wrapper: "updateSNSApplicationPlatform" },
  [NAME, DESCRIPTION],
  { apply: applyNameAndDescription },
);

const changeState = kind.changeState(
  { name: "ChangeSNSApplicationPlatformState", path: ACTIONS, wrapper: "changeSNSApplicationPlatformState" },
  (row, state) => {
    refuseSystem(row);
    row.state = state;
  },
);

/** Takes the platform's endpoints along (section 6.3). */
const remove = kind.remove({ name: "DeleteSNSApplicationPlatform", path: `${BASE}/{uuid}` }, refuseSystem);

function refuseSystem(row: Platform): void {
  if (row.type === "system") {
    refuseBuiltIn("the system platform");
  }
}

export const platform = part({
  tables: [platforms],
  operations: [
    createEmail,
    update,
    changeState,
    remove,
    kind.query({ name: "QuerySNSApplicationPlatform", path: BASE }),
  ],
});
